import Glibc

/// The way to a repository over SSH, by the OpenSSH client. One connection serves the whole conversation.
///
/// `close` must be called: the client is ended there.
public actor SSHChannel: SmartChannel {
  public nonisolated var isStateless: Bool { false }

  private let url: RemoteURL
  private let access: RemoteAccess
  private let command: SSHCommand
  private let hosts: KnownHostsFile
  private var source: SSHByteSource?

  /// - Parameter askpass: What prints the passphrase; this program itself unless given.
  /// - Throws: `invalid` for a URL of another scheme, or files that can't be used; `untrusted` for an authority that
  ///   nobody asked for.
  public init(
    to url: RemoteURL, for service: SmartService, access: RemoteAccess, askpass: String? = nil
  ) throws(RemoteError) {
    guard url.scheme == .ssh else { throw RemoteError(.invalid, "\(url) is not reached over SSH") }
    let ssh = access.ssh ?? SSHAccess()
    hosts = try KnownHostsFile(ssh, url: url)
    self.url = url
    self.access = access
    for (file, what) in [(ssh.key, "the key"), (ssh.passphraseFile, "the passphrase")] {
      if let file { _ = try RemoteFile(file).read(upTo: RemoteSecret.maximumBytes * 4, as: what) }
    }
    if ssh.agent, ssh.agentSocket == nil {
      throw RemoteError(.invalid, "SSH_AUTH_SOCK is not set, and `agent` asks for it", remedy: "start Mooring with it")
    }
    command = SSHCommand(
      url: url, service: service, access: ssh, knownHosts: hosts.path, stall: access.stall,
      askpass: askpass ?? SSHPassphrase.ourselves ?? "")
  }

  public func greeting() async throws(RemoteError) -> any ByteSource {
    try await AddressGuard.check(url, throughProxy: false)
    let process = try SSHProcess(command.arguments(), environment: command.environment)
    let source = SSHByteSource(process, SSHFailure(url: url, access: access, hosts: hosts))
    self.source = source
    return source
  }

  public func request(
    _ body: @escaping @Sendable () async throws(RemoteError) -> [UInt8]?
  ) async throws(RemoteError) -> any ByteSource {
    guard let source else { throw RemoteError(.invalid, "a request before the greeting") }
    while let part = try await body() { try await source.send(part) }
    return source
  }

  public func close() async {
    await source?.close()
    source = nil
  }
}
