import Processes

/// Says why `ssh` ended, and what to do about it. It has but one status for all, 255, so its words are looked at: they
/// are the same in all languages, and OpenSSH has not changed them in twenty years.
struct SSHFailure: Sendable {
  let url: RemoteURL
  let access: RemoteAccess
  let hosts: KnownHostsFile

  var stalled: RemoteError {
    RemoteError(
      .stalled, "\(url) sent nothing for \(access.stall)",
      remedy: "see what holds it up; `stall` of the repository gives it longer")
  }

  func remoteError(status: Int32, said: String) async -> RemoteError {
    let lines = said.split(whereSeparator: \.isNewline).map { PlainText.plain(String($0), limit: 300) }
    let last = lines.last ?? "ssh ended with \(status)"
    func says(_ words: String...) -> Bool { words.contains { said.lowercased().contains($0) } }
    if says("host key verification failed", "host key for", "host identification has changed") {
      return await untrusted(last)
    }
    if says("permission denied", "too many authentication failures", "no such identity") {
      return RemoteError(.denied, "\(url): \(lines.first ?? last)", remedy: denial(said))
    }
    if says("does not appear to be a git repository", "repository not found", "no such project") {
      return RemoteError(.notFound, "\(url): \(last)", remedy: "correct the path of the URL")
    }
    if status == 255 { return RemoteError(.unreachable, "\(url.host) can't be reached: \(last)") }
    return RemoteError(.unreachable, "\(url): \(last)")
  }

  private func denial(_ said: String) -> String {
    if access.ssh?.passphraseFile == nil, access.ssh?.key != nil {
      return "see that the host knows the key, and whether it needs a `passphraseFile`"
    }
    return access.ssh?.key == nil && access.ssh?.agent != true
      ? "name a key with `ssh: {key: …}`" : "see that the host knows the key, and that the passphrase is right"
  }

  // MARK: A host that isn't known

  private func untrusted(_ last: String) async -> RemoteError {
    let offered = await offeredKeys()
    let known = hosts.entries.filter { $0.marker == nil }
    if let revoked = hosts.entries.first(where: { entry in
      entry.marker == .revoked && offered.contains { $0 == entry.key }
    }) {
      return RemoteError(
        .untrusted, "\(url.host) offers a key that \(hosts.path):\(revoked.line) revokes: \(revoked.key)",
        remedy: "ask the host's owner")
    }
    guard !offered.isEmpty else { return RemoteError(.untrusted, "\(url.host) doesn't prove who it is: \(last)") }
    return known.isEmpty ? unknown(offered) : changed(known, offered)
  }

  private func unknown(_ offered: [HostKey]) -> RemoteError {
    let key = offered.first { $0.type == "ssh-ed25519" } ?? offered[0]
    let name = HostPatterns.name(of: url.host, port: url.effectivePort)
    return RemoteError(
      .untrusted, "the host key of \(name) is not in \(hosts.path): it offers \(key)",
      remedy: "compare it with what the host's owner publishes, then add this line: \(name) \(key.type) \(key.base64)")
  }

  private func changed(_ known: [KnownHosts.Entry], _ offered: [HostKey]) -> RemoteError {
    let was = known.map { "\($0.key) (line \($0.line))" }.joined(separator: ", ")
    let key = offered.first { offer in known.contains { $0.key.type == offer.type } } ?? offered[0]
    return RemoteError(
      .untrusted, "the host key of \(url.host) has changed: \(hosts.path) has \(was), and it offers \(key)",
      remedy: "somebody may be in between: ask the host's owner, and only then replace the line")
  }

  /// What the host offers now, to be shown and never to be trusted.
  private func offeredKeys() async -> [HostKey] {
    let arguments = ["ssh-keyscan", "-T", "5", "-p", String(url.effectivePort), "--", url.host]
    do {
      let outcome = try await run(Program(arguments, timeLimit: .seconds(20)))
      return outcome.output.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }.compactMap { line in
        let fields = line.split(separator: " ")
        return fields.count == 3 ? HostKey(type: String(fields[1]), base64: String(fields[2])) : nil
      }
    } catch { return [] }
  }
}
