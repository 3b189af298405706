import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOSSL

/// The connections to one cluster: a bounded pool for requests, and another for watches, each of which keeps one.
///
/// It speaks HTTP/1.1: the connections are kept, so that handshakes are few, and a page of a list doesn't hold up what
/// would come after it on the one connection of HTTP/2. Answers aren't compressed: clusters are near.
final class Transport: Sendable {
  static let connectTimeout = TimeAmount.seconds(10)

  private let access: ClusterAccess
  private let settings: ClientSettings
  private let tls: TLSConfiguration?
  private let requests: HTTPClient
  private let watches: HTTPClient
  private let base: String

  init(access: ClusterAccess, settings: ClientSettings) {
    self.access = access
    self.settings = settings
    tls = access.server.isHTTPS ? Self.tls(access) : nil
    base = access.server.base(host: access.tlsServerName ?? access.server.host)
    let configuration = Self.configuration(access, tls: tls)
    requests = Self.client(
      configuration, connections: settings.connections, silence: TimeAmount(settings.requestTimeout))
    watches = Self.client(configuration, connections: settings.watches, silence: TimeAmount(settings.watchSilence))
  }

  /// Asks once. The answer's body is read by the caller.
  func send(
    _ request: APIRequest, _ credentials: Credentials, isWatch: Bool = false
  ) async throws(KubernetesError) -> HTTPClientResponse {
    let client = isWatch ? watches : requests
    let deadline = NIODeadline.now() + TimeAmount(settings.requestTimeout)
    do {
      return try await client.execute(made(request, credentials), deadline: deadline)
    } catch {
      throw TransportFailure.error(error, from: access.server)
    }
  }

  func failure(_ error: any Error) -> KubernetesError { TransportFailure.error(error, from: access.server) }

  func close() async {
    for client in [requests, watches] {
      // What a shutdown can complain about are connections that were cut, which is what is asked for here.
      try? await client.shutdown()
    }
  }

  private func made(_ request: APIRequest, _ credentials: Credentials) -> HTTPClientRequest {
    var made = HTTPClientRequest(url: base + request.target)
    made.method = request.method
    made.headers.add(name: "host", value: access.server.authority)
    made.headers.add(name: "user-agent", value: settings.userAgent)
    made.headers.add(name: "accept", value: request.accept)
    if let type = request.contentType { made.headers.add(name: "content-type", value: type) }
    if let body = request.body { made.body = .bytes(ByteBuffer(bytes: body.bytes)) }
    if let authorization = credentials.authorization {
      made.headers.add(name: "authorization", value: authorization.text)
    }
    if let identity = credentials.identity, var tls {
      tls.certificateChain = identity.chain.map { .certificate($0) }
      tls.privateKey = .privateKey(identity.key)
      made.tlsConfiguration = tls
    }
    return made
  }

  private static func tls(_ access: ClusterAccess) -> TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv12
    switch access.trust {
    case .system: break
    case .authorities(let authorities): tls.trustRoots = .certificates(authorities)
    case .anyone: tls.certificateVerification = .none
    }
    return tls
  }

  private static func configuration(_ access: ClusterAccess, tls: TLSConfiguration?) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow, timeout: .init(connect: connectTimeout),
      proxy: access.proxy?.configuration, ignoreUncleanSSLShutdown: false, decompression: .disabled)
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.http1_1ConnectionDebugInitializer = { KeepAlive.set(on: $0) }
    if let name = access.tlsServerName { configuration.dnsOverride = [name: access.server.host] }
    return configuration
  }

  private static func client(
    _ configuration: HTTPClient.Configuration, connections: Int, silence: TimeAmount
  ) -> HTTPClient {
    var configuration = configuration
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
    configuration.timeout.read = silence
    configuration.timeout.write = silence
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }
}
