import Git
import GitRemotes

/// What remotes send, but for objects: see `fetches`.
extension FuzzTarget {
  private static let id = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
  private static let other = "5b825dc642cb6eb9a060e54bf8d69288fbee4904"
  private static let limits = WireLimits(references: 50, referenceBytes: 4096, noiseBytes: 2000, messageBytes: 200)
  private static let text = ["\u{9B}2J", "\u{202E}", "\u{61C}", "\u{200B}", "\u{1B}c", "e\u{301}", "\r"]
  private static let names = [
    id, other, "refs/heads/main", "HEAD", "../", ".lock", "//", "@{", "^{}", ".have", "shallow ", "unborn ",
    "symref-target:", "capabilities^{}",
  ]

  static let wire: [FuzzTarget] = [
    FuzzTarget(
      name: "packets", seeds: ["000ahello\n00000001000Aworld\n0002", "0000abcd", "0008ERR "],
      words: ["0000", "0001", "0002", "0003", "0004", "0005", "fff0", "fff1", "FFFF", "0008ERR ", "+", "-"]
    ) { bytes in
      let whole = reading(bytes, isCut: false)
      let cut = reading(bytes, isCut: true)
      hold(cut.packets == whole.packets && cut.error?.code == whole.error?.code, "it matters how bytes arrive")
      let encoded = whole.packets.encoded
      hold(zip(encoded, bytes).allSatisfy { $0 == $1 || $0 == $1 | 0x20 }, "packets aren't what was sent")
      hold(encoded.count == bytes.count || whole.error != nil, "bytes between packets")
      hold(reading(encoded, isCut: true).packets == whole.packets, "packets don't read back")
      let (first, rest) = raw(bytes)
      hold(first == nil || encoded.starts(with: first?.encoded ?? []), "the first packet isn't the first")
      hold(first == nil || rest.elementsEqual(bytes.suffix(rest.count)), "bytes behind a packet are not those sent")
      hold((first?.encoded.count ?? bytes.count) + rest.count == bytes.count, "bytes behind a packet are lost")
      if let error = whole.error { throw error }
    },
    FuzzTarget(
      name: "greeting",
      seeds: [
        "version 2\nagent=git/2.39\nls-refs=unborn\nfetch=shallow wait-for-done\nobject-format=sha1\n~\n",
        "\(id) HEAD\0multi_ack_detailed side-band-64k symref=HEAD:refs/heads/main agent=git/2\n\(id) refs/heads/main\n"
          + "\(other) refs/tags/v1\n\(id) refs/tags/v1^{}\nshallow \(id)\n~\n",
        "version 1\n\(id) capabilities^{}\0report-status\n~\n",
      ], words: names + text + ["version 2\n", "\0", "object-format=", "symref=HEAD:", "~\n", "ERR ", "="]
    ) { bytes in
      _ = greet(bytes)
      let said = greet(PacketScript(bytes).answers[0].encoded)
      if case .failure(let error) = said { throw error }
    },
    FuzzTarget(
      name: "reference-list",
      seeds: [
        "\(id) HEAD symref-target:refs/heads/main\n\(id) refs/heads/main\n\(other) refs/tags/v1 peeled:\(id)\n",
        "unborn HEAD symref-target:refs/heads/main\n",
      ], words: names + text + ["peeled:"]
    ) { bytes in
      var list = ReferenceList(limits: limits)
      do {
        for line in PacketScript(bytes).lines { try list.take(listed: line) }
      } catch let error as RemoteError {
        holdHarmless("\(error)")
        throw error
      }
      look(at: list.finished())
    },
    FuzzTarget(
      name: "side-band", seeds: ["\u{1}data\n\u{2}progress\r\n\u{1}more\n", "\u{3}it is over\n"],
      words: text + ["\n\u{1}", "\n\u{2}", "\n\u{3}", "\n\u{4}"]
    ) { bytes in
      var band = SideBand(limits: limits)
      var noise = 0
      for packet in PacketScript(bytes).lines {
        do {
          let data = try band.take(packet)
          hold(data == (packet[0] == 1 ? Array(packet.dropFirst()) : nil), "data isn't what was sent")
        } catch {
          holdHarmless("\(error)")
          throw error
        }
        if packet[0] == 2 { noise += packet.count }
        hold(noise <= limits.noiseBytes, "noise without end")
        holdHarmless(band.message)
        hold(band.message.utf8.count <= 3 * limits.messageBytes, "a message without end")
      }
    },
    FuzzTarget(
      name: "push-report",
      seeds: [
        "unpack ok\nok refs/heads/main\nng refs/heads/other hook declined\n~\n", "unpack index-pack failed\n~\n",
        "unpack ok\nng refs/heads/main\n~\n",
      ], words: names + text + ["unpack ok\n", "ok refs/heads/main\n", "ng refs/heads/main ", "~\n", "ERR "]
    ) { bytes in
      let packets = PacketScript(bytes).answers[0]
      let report = pushReport(packets.encoded, isBanded: false)
      let banded = packets.isEmpty ? [] : [Packet.data([1] + packets.encoded), .data([2] + bytes.prefix(1000)), .flush]
      let parallel = pushReport(banded.encoded, isBanded: true)
      for name in ["refs/heads/main", "refs/heads/other", "refs/heads/\u{E9}"] {
        for result in [try? report.get().result(of: name), try? parallel.get().result(of: name)] {
          if case .refused(let why) = result {
            holdHarmless(why)
          }
          guard result == .pushed else { continue }
          let lines = packets.compactMap { $0.text?.split(separator: " ").map { Array($0.utf8) } }
          hold(
            lines.contains { $0.starts(with: [Array("ok".utf8), Array(name.utf8)]) }, "nobody says that \(name) moved")
        }
      }
      _ = try report.get()
    },
  ]

  // MARK: Reading

  private struct Reading: Sendable {
    var packets: [Packet] = []
    var error: RemoteError?
  }

  private static func reading(_ bytes: [UInt8], isCut: Bool) -> Reading {
    let result: Result<Reading, Never> = waiting {
      var reader = PacketReader(ScriptedBytes(bytes, isCut: isCut))
      var reading = Reading()
      do throws(RemoteError) {
        while let packet = try await reader.nextIfAny() { reading.packets.append(packet) }
      } catch { reading.error = error }
      return reading
    }
    let reading = result.get()
    let said = reading.error?.description ?? ""
    holdHarmless(said)
    return reading
  }

  /// The first packet, and all that is behind it.
  private static func raw(_ bytes: [UInt8]) -> (first: Packet?, rest: [UInt8]) {
    let result: Result<(Packet?, [UInt8]), RemoteError> = waiting { () async throws(RemoteError) in
      var reader = PacketReader(ScriptedBytes(bytes, isCut: true))
      let first = try await reader.next()
      var rest: [UInt8] = []
      while let more = try await reader.nextRaw() { rest += more }
      return (first, rest)
    }
    return (try? result.get()) ?? (nil, [])
  }

  private static func greet(_ bytes: [UInt8]) -> Result<Greeting, RemoteError> {
    let both = [false, true].map { isCut in
      waiting { () async throws(RemoteError) in
        try await Greeting(reading: ScriptedBytes(bytes, isCut: isCut), limits: limits)
      }
    }
    switch (both[0], both[1]) {
    case (.success(let one), .success(let two)):
      hold(one.version == two.version && one.isShallow == two.isShallow, "it matters how bytes arrive")
      hold(one.capabilities == two.capabilities && one.references == two.references, "it matters how bytes arrive")
      hold(one.version == 0 || one.references == RemoteReferences(), "version 2 has no references in its greeting")
      look(at: one.references)
    case (.failure(let one), .failure(let two)):
      hold(one.code == two.code, "it matters how bytes arrive: \(one), \(two)")
      holdHarmless("\(one)")
    default: hold(false, "it matters how bytes arrive")
    }
    return both[0]
  }

  private static func pushReport(_ bytes: [UInt8], isBanded: Bool) -> Result<PushReport, RemoteError> {
    let result = waiting { () async throws(RemoteError) in
      try await PushReport(
        reading: PacketReader(ScriptedBytes(bytes, isCut: true)), isBanded: isBanded, limits: limits)
    }
    if case .failure(let error) = result {
      holdHarmless("\(error)")
    }
    return result
  }

  /// Names that become paths here.
  private static func look(at references: RemoteReferences) {
    hold(references.heads.count <= limits.references, "references without end")
    let names = references.heads.map(\.name)
    hold(zip(names, names.dropFirst()).allSatisfy { $0 <= $1 }, "references aren't in order")
    for name in names + [references.defaultBranch].compactMap({ $0 }) {
      hold(name.hasPrefix("refs/"), "a name outside refs/: \(name)")
      let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      hold(
        parts.allSatisfy { part in
          !part.isEmpty && part.first != UInt8(ascii: ".") && !part.elementsEqual("..".utf8)
            && !part.suffix(5).elementsEqual(".lock".utf8)
            && part.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
        }, "an unsafe name: \(name.debugDescription)")
    }
  }
}
