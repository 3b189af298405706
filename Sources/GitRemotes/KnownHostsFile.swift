import Glibc

/// The file of host keys that a remote is judged by.
struct KnownHostsFile: Sendable {
  let path: String
  let hosts: KnownHosts
  let url: RemoteURL

  /// - Throws: `invalid` where there is none; `untrusted` for an authority that nobody asked for.
  init(_ access: SSHAccess, url: RemoteURL) throws(RemoteError) {
    self.url = url
    if let named = access.knownHosts { path = named } else { path = try Self.ofTheUser() }
    hosts = try KnownHosts(RemoteFile(path).read(upTo: KnownHosts.maximumBytes, as: "the keys of hosts"))
    guard !access.certAuthority else { return }
    if let line = entriesUsedBySSH.first(where: { $0.marker == .certAuthority })?.line {
      throw authority("\(path):\(line): this line lets an authority vouch for \(url.host)")
    }
    if let line = hosts.unreadableAuthorities.first {
      throw authority("\(path):\(line): this line may let an authority vouch for \(url.host), and can't be read")
    }
  }

  private func authority(_ message: String) -> RemoteError {
    RemoteError(
      .untrusted, message,
      remedy: "set `certAuthority: true` under `ssh` if that is meant, or replace it by the host's own key")
  }

  var entries: [KnownHosts.Entry] { hosts.entries(for: url.host, port: url.effectivePort) }

  /// Where no line names the host with its port `ssh` takes those that name it without (sshconnect.c, "checking without
  /// port identifier").
  private var entriesUsedBySSH: [KnownHosts.Entry] { entries + hosts.entries(for: url.host, port: 22) }

  private static func ofTheUser() throws(RemoteError) -> String {
    guard let home = getenv("HOME") else {
      throw RemoteError(.invalid, "there is no home folder to look for known_hosts in", remedy: "set `knownHosts`")
    }
    return String(cString: home) + "/.ssh/known_hosts"
  }
}
