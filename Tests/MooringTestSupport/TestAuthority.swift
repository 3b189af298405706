import Processes

/// Certificates that the real `openssl` makes: an authority, a server's for `localhost` and 127.0.0.1, a client's.
public struct TestAuthority: Sendable {
  private let folder: TemporaryFolder
  public var authority: String { folder["ca.pem"] }
  public var serverCertificate: String { folder["server.pem"] }
  public var serverKey: String { folder["server.key"] }
  public var clientCertificate: String { folder["client.pem"] }
  public var clientKey: String { folder["client.key"] }

  public init() async throws {
    folder = try TemporaryFolder("mooring-ca")
    try await openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=Test authority",
      "-days", "2", "-keyout", folder["ca.key"], "-out", authority)
    try await issue("server", "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    try await issue("client", "extendedKeyUsage=clientAuth\n")
  }

  private func issue(_ name: String, _ extensions: String) async throws {
    try folder.write(extensions, to: "\(name).ext")
    try await openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
      "-keyout", folder["\(name).key"], "-out", folder["\(name).csr"])
    try await openssl(
      "x509", "-req", "-in", folder["\(name).csr"], "-CA", authority, "-CAkey", folder["ca.key"], "-CAcreateserial",
      "-days", "2", "-extfile", folder["\(name).ext"], "-out", folder["\(name).pem"])
  }

  private func openssl(_ arguments: String...) async throws {
    let outcome = try await run(Program(["openssl"] + arguments, timeLimit: .seconds(60)))
    guard outcome.succeeded else { throw ToolFailure(what: "openssl \(arguments[0])", output: outcome.output) }
  }
}

/// A program of a test's that failed.
public struct ToolFailure: Error {
  public var what: String
  public var output: String

  public init(what: String, output: String) {
    self.what = what
    self.output = output
  }
}
