internal import Crypto
internal import FoundationEssentials
internal import Processes

/// A `docker-registry` on this machine, which is gone afterwards.
public struct Registry: Sendable {
  public static let program = "/usr/bin/docker-registry"

  /// Who it lets in.
  public enum Authentication: Sendable {
    case nobodyAsked
    /// `mooring`, with this password.
    case password(String)
    /// Who shows a token of this server, which signs with the key of this certificate.
    case tokens(realm: String, certificate: String)
  }

  public let host: String
  public let folder: TemporaryFolder
  private let user: String?

  /// Runs one while `body` does.
  ///
  /// - Parameter folder: What an earlier one has kept.
  public static func running(
    _ authentication: Authentication = .nobodyAsked, in folder: TemporaryFolder? = nil,
    _ body: (Registry) async throws -> Void
  ) async throws {
    let folder = try folder ?? TemporaryFolder()
    let port = try FreePort.find()
    let configuration = """
      version: 0.1
      storage: { filesystem: { rootdirectory: \(folder.path)/data }, delete: { enabled: true } }
      http: { addr: "127.0.0.1:\(port)" }
      log: { level: error }
      \(try await lines(authentication, folder))

      """
    try folder.write(configuration, to: "config.yml")
    var user: String?
    if case .password(let password) = authentication { user = "mooring:\(password)" }
    let registry = Registry(host: "127.0.0.1:\(port)", folder: folder, user: user)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = try await run(Program([program, "serve", folder["config.yml"]], timeLimit: .seconds(100)))
      }
      // Any answer will do: it may ask who we are.
      try await registry.curl(
        ["--retry", "50", "--retry-connrefused", "--retry-delay", "0", "http://\(registry.host)/v2/"], mustBeFine: false
      )
      try await body(registry)
      group.cancelAll()
    }
  }

  private static func lines(_ authentication: Authentication, _ folder: TemporaryFolder) async throws -> String {
    switch authentication {
    case .nobodyAsked: return ""
    case .password(let password):
      try folder.write(try await htpasswd(password) + "\n", to: "htpasswd")
      return "auth: { htpasswd: { realm: mooring, path: \(folder["htpasswd"]) } }"
    case .tokens(let realm, let certificate):
      return
        "auth: { token: { realm: \"\(realm)\", service: registry, issuer: tokens, rootcertbundle: \(certificate) } }"
    }
  }

  /// By Python's `crypt`, in the one form that the registry reads.
  private static func htpasswd(_ password: String) async throws -> String {
    let script =
      "import crypt; print('mooring:' + crypt.crypt('\(password)', crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16)).replace('$2b$', '$2y$'))"
    let outcome = try await Processes.run(
      Program(["/usr/bin/python3", "-W", "ignore", "-c", script], timeLimit: .seconds(20)))
    return String(outcome.output.prefix { !$0.isNewline })
  }

  @discardableResult
  private func curl(_ arguments: [String], mustBeFine: Bool = true) async throws -> String {
    let credentials = user.map { ["--user", $0] } ?? []
    let fail = mustBeFine ? ["--fail"] : []
    let outcome = try await run(
      Program(
        ["/usr/bin/curl", "--silent", "--show-error"] + fail + credentials + arguments, timeLimit: .seconds(30)))
    guard outcome.succeeded else { throw ToolFailure(what: "curl", output: outcome.output) }
    return outcome.output
  }

  private static let kind = "application/vnd.docker.distribution.manifest.v2+json"

  /// Puts a small image there.
  ///
  /// - Parameter content: What tells it from others.
  /// - Returns: Its digest.
  public func push(_ path: String, tag: String, _ content: String = "{}") async throws -> String {
    let digest = Self.digest(Array(content.utf8))
    let place =
      try await curl([
        "--request", "POST", "--output", "/dev/null", "--dump-header", "-", "http://\(host)/v2/\(path)/blobs/uploads/",
      ])
      .split(whereSeparator: \.isNewline).first { $0.lowercased().hasPrefix("location: ") }.map {
        String($0.dropFirst(10))
      } ?? ""
    try await curl([
      "--request", "PUT", "--header", "content-type: application/octet-stream", "--data-binary", content,
      "\(place)&digest=\(digest)",
    ])
    let manifest = """
      {"schemaVersion":2,"mediaType":"\(Self.kind)","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":\(content.utf8.count),"digest":"\(digest)"},"layers":[]}
      """
    try await curl([
      "--request", "PUT", "--header", "content-type: \(Self.kind)", "--data-binary", manifest,
      "http://\(host)/v2/\(path)/manifests/\(tag)",
    ])
    return Self.digest(Array(manifest.utf8))
  }

  public func delete(_ path: String, digest: String) async throws {
    try await curl(["--request", "DELETE", "http://\(host)/v2/\(path)/manifests/\(digest)"])
  }

  /// A file as `docker login` writes it.
  public func credentials(for host: String, _ user: String) throws -> String {
    let name = "config-\(UInt32.random(in: .min ... .max)).json"
    let auth = Data(user.utf8).base64EncodedString()
    try folder.write("{\"auths\": {\"\(host)\": {\"auth\": \"\(auth)\"}}}", to: name)
    return folder[name]
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    "sha256:" + SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
