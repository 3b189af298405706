internal import AsyncHTTPClient
internal import Crypto
internal import Documents
internal import FoundationEssentials
internal import GitRemotes
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Synchronization

/// Asks registries, over connections that it keeps for a while.
///
/// Protocol: [OCI Distribution](https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md), and for tokens
/// [Docker's](https://distribution.github.io/distribution/spec/auth/token/). No redirect is followed, and credentials go
/// to the host that they are for and to nobody else.
public final class RegistryClient: Sendable {
  /// Requests at once, over all registries.
  static let atOnce = 32
  /// How long one image may take, with its token.
  static let limit = Duration.seconds(10)
  static let manifestBytes = 4 << 20
  static let tokenBytes = 1 << 16

  private let access: [String: RegistryAccess]
  private let clients: [String: HTTPClient]
  /// What to send, by registry and path; `nil` is nothing.
  private let authorizations = Mutex<[String: String]>([:])

  /// - Throws: `RegistryError`, where an authority can't be read.
  public init(_ access: [RegistryAccess]) throws {
    self.access = Dictionary(access.map { ($0.host, $0) }) { first, _ in first }
    clients = try self.access.mapValues { try Self.client(for: $0) }
  }

  private static func client(for access: RegistryAccess) throws -> HTTPClient {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv12
    if let file = access.caFile {
      do { tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file)) } catch {
        throw RegistryError(access.host, "the authorities can't be read from \(file)")
      }
    }
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(10)))
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16
    configuration.http1_1ConnectionDebugInitializer = AddressGuard.look
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Lends a client, and closes its connections however that ends.
  ///
  /// - Throws: `RegistryError`, where an authority can't be read, and what `body` throws.
  public static func asking<Answer>(
    _ access: [RegistryAccess], _ body: (RegistryClient) async throws -> Answer
  ) async throws -> Answer {
    let client = try RegistryClient(access)
    do {
      let answer = try await body(client)
      await client.close()
      return answer
    } catch {
      await client.close()
      throw error
    }
  }

  /// Closes its connections; nothing is asked after that.
  public func close() async {
    for client in clients.values {
      // What couldn't be closed ends with the process.
      try? await client.shutdown()
    }
  }

  /// Whether the operator lets it be asked.
  public func knows(_ host: String) -> Bool { access[host] != nil }

  /// What registries say of images, some of them at once.
  public func answers(
    to images: Set<RegistryImage>
  ) async throws -> [RegistryImage: Result<RegistryAnswer, RegistryError>] {
    try await withThrowingTaskGroup(of: (RegistryImage, Result<RegistryAnswer, RegistryError>).self) { group in
      var waiting = Array(images)[...]
      for image in waiting.prefix(Self.atOnce) { group.addTask { try await (image, self.result(of: image)) } }
      waiting = waiting.dropFirst(Self.atOnce)
      var answers: [RegistryImage: Result<RegistryAnswer, RegistryError>] = [:]
      while let (image, answer) = try await group.next() {
        answers[image] = answer
        if let next = waiting.popFirst() { group.addTask { try await (next, self.result(of: next)) } }
      }
      return answers
    }
  }

  private func result(of image: RegistryImage) async throws -> Result<RegistryAnswer, RegistryError> {
    guard let access = access[image.host], let client = clients[image.host] else {
      return .failure(RegistryError(image.host, "the configuration doesn't list it under `registries`"))
    }
    do {
      return .success(try await ask(image, access, client))
    } catch let error as RegistryError {
      return .failure(error)
    } catch {
      try Task.checkCancellation()
      return .failure(RegistryError(image.host, Self.reason(error)))
    }
  }

  // MARK: One image

  private static let kinds = [
    "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.docker.distribution.manifest.v2+json",
  ].joined(separator: ", ")

  private func ask(_ image: RegistryImage, _ access: RegistryAccess, _ client: HTTPClient) async throws
    -> RegistryAnswer
  {
    let deadline = NIODeadline.now() + TimeAmount(Self.limit)
    var response = try await head(image, access, client, deadline)
    if response.status == .unauthorized {
      try await authorize(image, access, client, response.headers, deadline)
      response = try await head(image, access, client, deadline)
    }
    switch response.status {
    case .ok:
      if let digest = response.headers.first(name: "docker-content-digest"), digest.utf8.count <= 200 {
        return .found(digest: digest)
      }
      return .found(digest: try await digest(image, access, client, deadline))
    case .notFound: return .missing
    case .unauthorized, .forbidden: throw RegistryError(image.host, "it doesn't let us see \(image.path)")
    case let status where (300..<400).contains(status.code):
      throw RegistryError(image.host, "it answers \(status.code), and no redirect is followed")
    case let status: throw RegistryError(image.host, "it answers \(status.code)")
    }
  }

  private func request(_ image: RegistryImage, _ access: RegistryAccess, _ method: HTTPMethod) -> HTTPClientRequest {
    var request = HTTPClientRequest(
      url: "\(access.scheme)://\(access.endpoint)/v2/\(image.path)/manifests/\(image.reference)")
    request.method = method
    request.headers = ["accept": Self.kinds, "user-agent": "mooring"]
    if let authorization = authorizations.withLock({ $0[Self.key(image)] }) {
      request.headers.add(name: "authorization", value: authorization)
    }
    return request
  }

  private static func key(_ image: RegistryImage) -> String { "\(image.host)/\(image.path)" }

  private func head(
    _ image: RegistryImage, _ access: RegistryAccess, _ client: HTTPClient, _ deadline: NIODeadline
  ) async throws -> HTTPClientResponse {
    try await client.execute(request(image, access, .HEAD), deadline: deadline)
  }

  /// A registry that doesn't say the digest lets it be computed from the manifest.
  private func digest(
    _ image: RegistryImage, _ access: RegistryAccess, _ client: HTTPClient, _ deadline: NIODeadline
  ) async throws -> String {
    let response = try await client.execute(request(image, access, .GET), deadline: deadline)
    guard response.status == .ok else { throw RegistryError(image.host, "it answers \(response.status.code)") }
    let body = try await response.body.collect(upTo: Self.manifestBytes)
    let hash = SHA256.hash(data: Array(body.readableBytesView))
    return "sha256:" + hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  // MARK: Authentication

  private func authorize(
    _ image: RegistryImage, _ access: RegistryAccess, _ client: HTTPClient, _ headers: HTTPHeaders,
    _ deadline: NIODeadline
  ) async throws {
    guard
      let challenge = headers["www-authenticate"].compactMap({ Challenge($0) }).first(where: {
        ["bearer", "basic"].contains($0.scheme)
      })
    else { throw RegistryError(image.host, "it asks for an authentication that isn't known here") }
    let basic = try access.credentialsFile.map { try DockerCredentials.basic(for: access.host, in: $0) } ?? nil
    if challenge.scheme == "basic" {
      guard let basic else {
        throw RegistryError(image.host, "it asks for a user, and there are no credentials for it")
      }
      return authorizations.withLock { $0[Self.key(image)] = "Basic \(basic)" }
    }
    let token = try await token(image, access, client, challenge, basic, deadline)
    authorizations.withLock { $0[Self.key(image)] = "Bearer \(token)" }
  }

  private func token(
    _ image: RegistryImage, _ access: RegistryAccess, _ client: HTTPClient, _ challenge: Challenge, _ basic: String?,
    _ deadline: NIODeadline
  ) async throws -> String {
    guard var realm = challenge.parameters["realm"].flatMap({ URLComponents(string: $0) }), let host = realm.host else {
      throw RegistryError(image.host, "it doesn't say where tokens are")
    }
    let place = host + (realm.port.map { ":\($0)" } ?? "")
    guard place == access.tokenHost || place == access.endpoint else {
      throw RegistryError(image.host, "it sends us to \(place) for a token; if that is right, say so with `realm`")
    }
    guard realm.scheme == "https" || (realm.scheme == "http" && access.allowsHTTP), realm.user == nil else {
      throw RegistryError(image.host, "it sends us to \(place) without TLS for a token")
    }
    var query = [URLQueryItem(name: "scope", value: "repository:\(image.path):pull")]
    if let service = challenge.parameters["service"] { query.append(URLQueryItem(name: "service", value: service)) }
    realm.queryItems = query
    guard let url = realm.string else { throw RegistryError(image.host, "it doesn't say where tokens are") }
    var request = HTTPClientRequest(url: url)
    request.headers = ["user-agent": "mooring"]
    if let basic { request.headers.add(name: "authorization", value: "Basic \(basic)") }
    let response = try await client.execute(request, deadline: deadline)
    guard response.status == .ok else {
      throw RegistryError(image.host, "\(place) answers \(response.status.code) when it is asked for a token")
    }
    let body = try await response.body.collect(upTo: Self.tokenBytes)
    return try Self.token(in: Array(body.readableBytesView), image.host)
  }

  private static func token(in body: [UInt8], _ host: String) throws -> String {
    do throws(DocumentError) {
      let root = try Document.parse(body, as: .json).first?.root
      if let token = root?["token"]?.scalar?.stringValue ?? root?["access_token"]?.scalar?.stringValue,
        token.utf8.allSatisfy({ (33...126).contains($0) })
      {
        return token
      }
    } catch {
      throw RegistryError(host, "what it answers for a token isn't JSON")
    }
    throw RegistryError(host, "it answers without a token")
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case is NIOSSLError, is NIOSSLExtraError: "it doesn't prove who it is"
    case let error as HTTPClientError
    where error == .connectTimeout || error == .readTimeout || error == .deadlineExceeded:
      "it didn't answer in time"
    case is AddressGuard.Refused: "it is a link-local address"
    case is NIOTooManyBytesError: "it answers with more than is read"
    default: "it can't be reached"
    }
  }
}
