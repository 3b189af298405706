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
    if let line = entries.first(where: { $0.marker == .certAuthority }) {
      throw RemoteError(
        .untrusted, "\(path):\(line.line): this line lets an authority vouch for \(url.host)",
        remedy: "set `certAuthority: true` under `ssh` if that is meant, or replace it by the host's own key")
    }
  }

  var entries: [KnownHosts.Entry] { hosts.entries(for: url.host, port: url.effectivePort) }

  private static func ofTheUser() throws(RemoteError) -> String {
    guard let home = getenv("HOME") else {
      throw RemoteError(.invalid, "there is no home folder to look for known_hosts in", remedy: "set `knownHosts`")
    }
    return String(cString: home) + "/.ssh/known_hosts"
  }
}
