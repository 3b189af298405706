import FoundationEssentials
import Git
import GitRemotes

extension FuzzTarget {
  static let fetches: [FuzzTarget] = [
    FuzzTarget(
      name: "fetch",
      seeds: [
        "version 2\nls-refs=unborn\nfetch=\n~\n=\n@B refs/heads/main\n@A refs/heads/old\n@B HEAD symref-target:refs/heads/main\n"
          + "~\n=\npackfile\n%whole\n~\n",
        "version 2\nfetch=shallow\n~\n=\n@B refs/heads/main\n~\n=\nshallow-info\nshallow @B\n|\npackfile\n%top\n~\n=\n"
          + "shallow-info\nunshallow @B\n|\npackfile\n%below\n~\n",
        "@B refs/heads/main\0multi_ack_detailed side-band-64k shallow ofs-delta no-progress\n@A refs/heads/a\n~\n=\n"
          + "shallow @B\n~\nNAK\n%top\n~\n=\nunshallow @B\n~\nNAK\n%below\n~\n",
        "!@B refs/heads/main\0multi_ack side-band\n~\n=\nNAK\n%whole\n~\n", "@B refs/heads/main\n~\n=\nNAK\n&whole\n",
      ],
      words: [
        "\n%whole\n", "\n%top\n", "\n%below\n", "\n&below\n", "@A", "@B", "refs/heads/", "\nshallow @A\n",
        "\nunshallow @B\n", "\nshallow-info\n", "\npackfile\n", "\nacknowledgments\n", "\nACK @A ready\n", "\nACK @B\n",
        "\nNAK\n", "\nready\n", "\n~\n", "\n|\n", "\n=\n", "\u{1}PACK", "\u{2}", "\u{3}", " ", "!",
      ]
    ) { bytes in
      let fixture = FetchFixture.shared
      let (answers, isStateless) = fixture.answers(bytes)
      try FetchFixture.withRepository { repository in
        let result: Result<FetchOutcome, any Error> = waiting {
          try await NetworkRemote.fetch(
            into: repository, over: ScriptedRemote(answers, isStateless: isStateless),
            refspecs: ["+refs/heads/*:refs/x/*"], limits: limits)
        }
        for reference in try repository.references(prefix: "refs/") {
          hold(reference.name.hasPrefix("refs/x/"), "a reference that nobody asked for: \(reference.name)")
          let needs = fixture.needs[reference.id] ?? []
          hold(!needs.isEmpty && needs.allSatisfy(repository.contains), "\(reference.name) isn't whole")
        }
        let left = try? FileManager.default.contentsOfDirectory(atPath: repository.path + "mooring.incoming")
        hold(left?.isEmpty ?? true, "something is left of a pack")
        if case .failure(let error) = result {
          holdHarmless("\(error)")
        }
        _ = try result.get()
      }
    },
    FuzzTarget(name: "pack", seeds: packs, words: ["PACK\0\0\0\u{2}", "\u{FF}", "\u{7F}", "x\u{1}\u{1}"]) { bytes in
      let latin = String(validating: bytes, as: UTF8.self)?.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
      let pack = latin ?? bytes
      let whole = scan(pack, isCut: false)
      let cut = scan(pack, isCut: true)
      hold(
        whole?.kind == cut?.kind,
        "it matters how bytes arrive: \(whole?.message ?? "sound"), \(cut?.message ?? "sound")")
      if let whole { throw whole }
    },
  ]

  private static let limits = WireLimits(
    pack: PackLimits(bytes: 1 << 16, objects: 100, objectBytes: 1 << 16), references: 50, referenceBytes: 4096,
    noiseBytes: 2000, messageBytes: 200)

  /// A blob; one with deltas by distance and by name; a long one. A character is a byte: ISO-8859-1.
  private static let packs = [
    "PACK\0\0\0\u{2}\0\0\0\u{1}5x\u{1}\u{1}\u{5}\0\u{FA}\u{FF}hello\u{6},\u{2}\u{15}aaaaaaaaaaaaaaaaaaaa",
    "PACK\0\0\0\u{2}\0\0\0\u{3}5x\u{1}\u{1}\u{5}\0\u{FA}\u{FF}hello\u{6},\u{2}\u{15}d\u{11}x\u{1}\u{1}\u{4}\0\u{FB}\u{FF}\u{5}\u{5}\u{90}\u{5}\u{1}L\0\u{A0}tbbbbbbbbbbbbbbbbbbbbx\u{1}\u{1}\u{4}\0\u{FB}\u{FF}\u{5}\u{5}\u{90}\u{5}\u{1}L\0\u{A0}aaaaaaaaaaaaaaaaaaaa",
    "PACK\0\0\0\u{2}\0\0\0\u{1}\u{B0}}x\u{DA}c`\u{18}\u{5}\u{A3}`\u{14}\u{8C}\u{82}Q0\u{A}F\u{C1}P\u{7}\0\u{7}\u{D0}\0\u{1}aaaaaaaaaaaaaaaaaaaa",
  ]

  private static func scan(_ pack: [UInt8], isCut: Bool) -> PackProblem? {
    let source = ScriptedBytes(pack, isCut: isCut)
    do throws(PackProblem) {
      var scanner = try PackScanner(limits: limits.pack)
      while let bytes = source.next() { try scanner.scan(bytes) }
      try scanner.finish()
      hold(scanner.objects <= limits.pack.objects && pack.count <= limits.pack.bytes, "a pack above the limits")
      return nil
    } catch { return error }
  }
}
