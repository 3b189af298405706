internal import FoundationEssentials
import Processes

/// The keys of all test servers and their clients: made once, for `ssh-keygen` takes its time over RSA.
actor SSHKeys {
  static let shared = SSHKeys()

  private var made: Task<TemporaryFolder, any Error>?

  /// Puts copies into a folder: the host's (`host`, with its certificate by `ca`, `host-rsa`, `other-host`), its clients'
  /// (`client`, `client-rsa`, and `client-locked` whose passphrase is in `passphrase`), and a `stranger`'s.
  func copy(to folder: TemporaryFolder) async throws {
    let made = self.made ?? Task { try await Self.make() }
    self.made = made
    let source = try await made.value
    for name in try source.names() {
      try FileManager.default.copyItem(atPath: source[name], toPath: folder[name])
    }
  }

  private static func make() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder("mooring-ssh-keys")
    try folder.write("open sesame\n", to: "passphrase")
    for (name, type, passphrase) in [
      ("host", "ed25519", ""), ("host-rsa", "rsa", ""), ("other-host", "ed25519", ""), ("ca", "ed25519", ""),
      ("client", "ed25519", ""), ("client-rsa", "rsa", ""), ("client-locked", "ed25519", "open sesame"),
      ("stranger", "ed25519", ""),
    ] {
      try await SSHServer.tool("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", name, "-f", folder[name])
    }
    try await SSHServer.tool(
      "ssh-keygen", "-q", "-s", folder["ca"], "-I", "host", "-h", "-n", "127.0.0.1,localhost", folder["host.pub"])
    return folder
  }
}
