internal import Foundation
import Glibc
import Processes

/// A real `sshd` on loopback, for whoever runs the tests, with keys that `ssh-keygen` makes.
public final class SSHServer: Sendable {
  public static let program = "/usr/sbin/sshd"
  public static var isInstalled: Bool { access(program, X_OK) == 0 }

  public let port: Int
  public let folder: TemporaryFolder
  public let user: String
  private let process: ServerProcess

  /// Keys of clients that it lets in, of `ssh-keygen`: without a passphrase, RSA, and with the passphrase `open sesame`.
  public var key: String { folder["client"] }
  public var rsaKey: String { folder["client-rsa"] }
  public var lockedKey: String { folder["client-locked"] }
  public var passphrase: String { folder["passphrase"] }
  public var knownHosts: String { folder["known_hosts"] }

  /// - Parameter certified: Whether the host shows a certificate of the authority `ca`.
  public init(certified: Bool = false) async throws {
    let folder = try TemporaryFolder("mooring-sshd")
    self.folder = folder
    user = String(cString: getpwuid(getuid()).pointee.pw_name)
    try await SSHKeys.shared.copy(to: folder)
    let keys = try ["client", "client-rsa", "client-locked"].map { try folder.read($0 + ".pub") }
    try folder.write(keys.joined(), to: "authorized_keys")
    chmod(folder["authorized_keys"], 0o600)
    port = try await Self.freePort()
    try folder.write(Self.configuration(folder, port: port, certified: certified), to: "sshd_config")
    if getuid() == 0 { mkdir("/run/sshd", 0o755) }
    process = try ServerProcess([Self.program, "-D", "-E", folder["sshd.log"], "-f", folder["sshd_config"]])
    try await Self.waitUntilItListens(port, log: folder["sshd.log"])
    try trust()
  }

  private static func configuration(_ folder: TemporaryFolder, port: Int, certified: Bool) -> String {
    """
    ListenAddress 127.0.0.1
    Port \(port)
    HostKey \(folder["host"])
    HostKey \(folder["host-rsa"])
    \(certified ? "HostCertificate \(folder["host-cert.pub"])" : "")
    AuthorizedKeysFile \(folder["authorized_keys"])
    PidFile \(folder["sshd.pid"])
    StrictModes no
    UsePAM no
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    PermitRootLogin yes
    AcceptEnv GIT_PROTOCOL
    LogLevel VERBOSE

    """
  }

  /// Writes `known_hosts` with the server's own keys, or another one's under its name.
  public func trust(_ key: String = "host") throws {
    try folder.write("[127.0.0.1]:\(port) \(publicKey(key))\n", to: "known_hosts")
  }

  /// Type and Base64 of a key of the folder.
  public func publicKey(_ name: String) throws -> String {
    try folder.read(name + ".pub").split(separator: " ").prefix(2).joined(separator: " ")
  }

  public func url(_ path: String) -> String { "ssh://\(user)@127.0.0.1:\(port)\(path)" }

  /// Lets it say nothing any more, while connections are still taken.
  public func stop() throws {
    guard let identifier = Int32(try folder.read("sshd.pid").filter(\.isNumber)) else {
      throw ToolFailure(what: "sshd", output: "wrote no sshd.pid")
    }
    kill(identifier, SIGSTOP)
  }

  // MARK: Programs and ports

  @discardableResult
  public static func tool(_ arguments: String...) async throws -> String {
    let outcome = try await run(Program(arguments, timeLimit: .seconds(60)))
    guard outcome.succeeded else { throw ToolFailure(what: arguments[0], output: outcome.output) }
    return outcome.output
  }

  private static func freePort() async throws -> Int {
    let said = try await tool(
      "/usr/bin/python3", "-c", "import socket;s=socket.socket();s.bind(('127.0.0.1',0));print(s.getsockname()[1])")
    guard let port = Int(said.filter(\.isNumber)) else { throw ToolFailure(what: "python3", output: said) }
    return port
  }

  private static func waitUntilItListens(_ port: Int, log: String) async throws {
    for _ in 0..<600 {
      let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      if said.contains("Server listening") { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ToolFailure(what: "sshd", output: try String(contentsOfFile: log, encoding: .utf8))
  }
}
