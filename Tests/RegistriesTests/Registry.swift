import Crypto
import FoundationEssentials
import MooringTestSupport
import Processes

/// A `docker-registry` on this machine, which is gone afterwards.
struct Registry: Sendable {
  let host: String
  let folder: TemporaryFolder
  let user: String?

  static func running(password: String? = nil, _ body: (Registry) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    let port = try FreePort.find()
    var configuration = """
      version: 0.1
      storage: { filesystem: { rootdirectory: \(folder.path)/data }, delete: { enabled: true } }
      http: { addr: "127.0.0.1:\(port)" }
      log: { level: error }

      """
    if let password {
      let line = try await htpasswd(password)
      try Data((line + "\n").utf8).write(to: URL(filePath: folder.path + "/htpasswd"))
      configuration += "auth: { htpasswd: { realm: mooring, path: \(folder.path)/htpasswd } }\n"
    }
    try Data(configuration.utf8).write(to: URL(filePath: folder.path + "/config.yml"))
    let registry = Registry(host: "127.0.0.1:\(port)", folder: folder, user: password.map { "mooring:\($0)" })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = try await run(
          Program(["/usr/bin/docker-registry", "serve", folder.path + "/config.yml"], timeLimit: .seconds(100)))
      }
      try await registry.curl([
        "--retry", "50", "--retry-connrefused", "--retry-delay", "0", "http://\(registry.host)/v2/",
      ])
      try await body(registry)
      group.cancelAll()
    }
  }

  /// By Python's `crypt`, in the one form that the registry reads.
  private static func htpasswd(_ password: String) async throws -> String {
    let script =
      "import crypt; print('mooring:' + crypt.crypt('\(password)', crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16)).replace('$2b$', '$2y$'))"
    let outcome = try await run(Program(["/usr/bin/python3", "-W", "ignore", "-c", script], timeLimit: .seconds(20)))
    return String(outcome.output.prefix { !$0.isNewline })
  }

  @discardableResult
  private func curl(_ arguments: [String]) async throws -> String {
    let credentials = user.map { ["--user", $0] } ?? []
    let outcome = try await run(
      Program(
        ["/usr/bin/curl", "--silent", "--show-error", "--fail"] + credentials + arguments, timeLimit: .seconds(30)))
    guard outcome.succeeded else { throw Failure(output: outcome.output) }
    return outcome.output
  }

  struct Failure: Error { var output: String }

  /// Puts a small image there.
  ///
  /// - Returns: Its digest.
  func push(_ path: String, tag: String) async throws -> String {
    let blob = Array("{}".utf8)
    let digest = Self.digest(blob)
    let place =
      try await curl([
        "--request", "POST", "--output", "/dev/null", "--dump-header", "-", "http://\(host)/v2/\(path)/blobs/uploads/",
      ])
      .split(whereSeparator: \.isNewline).first { $0.lowercased().hasPrefix("location: ") }.map {
        String($0.dropFirst(10))
      } ?? ""
    try await curl([
      "--request", "PUT", "--header", "content-type: application/octet-stream", "--data-binary", "{}",
      "\(place)&digest=\(digest)",
    ])
    let kind = "application/vnd.docker.distribution.manifest.v2+json"
    let manifest = """
      {"schemaVersion":2,"mediaType":"\(kind)","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"\(digest)"},"layers":[]}
      """
    try await curl([
      "--request", "PUT", "--header", "content-type: \(kind)", "--data-binary", manifest,
      "http://\(host)/v2/\(path)/manifests/\(tag)",
    ])
    return Self.digest(Array(manifest.utf8))
  }

  /// A file as `docker login` writes it.
  func credentials(for host: String, _ user: String) throws -> String {
    let path = folder.path + "/config-\(UInt32.random(in: .min ... .max)).json"
    let auth = Data(user.utf8).base64EncodedString()
    try Data("{\"auths\": {\"\(host)\": {\"auth\": \"\(auth)\"}}}".utf8).write(to: URL(filePath: path))
    return path
  }

  static func digest(_ bytes: [UInt8]) -> String {
    "sha256:" + SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
