import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// The way to a repository over HTTP or HTTPS: Git's smart protocol as gitprotocol-http describes it.
///
/// The credentials go to the configured host only. A redirect is followed on the first question alone, and only to
/// another path of the same host.
///
/// `close` must be called: the connections are ended there.
public actor HTTPChannel: SmartChannel {
  public nonisolated var isStateless: Bool { true }

  private let service: SmartService
  private let client: HTTPClient
  private let explainer: HTTPFailure
  private let authorization: String?
  /// Where the repository is; another path than configured after a redirect.
  private var url: RemoteURL
  private let usesProxy: Bool

  /// Reads the certificates that `access` names.
  ///
  /// - Throws: `invalid` for a URL of another scheme, or certificates that can't be used.
  public init(
    to url: RemoteURL, for service: SmartService, access: RemoteAccess, token: RemoteSecret? = nil
  ) throws(RemoteError) {
    guard url.scheme == .https || url.scheme == .http else {
      throw RemoteError(.invalid, "\(url) is not reached over HTTP")
    }
    self.service = service
    self.url = url
    usesProxy = access.proxy != nil
    explainer = HTTPFailure(url: url, access: access, hasToken: token != nil)
    authorization = HTTPAuthorization(access: access, token: token)?.header
    client = HTTPClient(
      eventLoopGroupProvider: .singleton,
      configuration: try HTTPSettings(access: access, url: url).configuration())
  }

  /// - Throws: what went wrong, with what to do.
  public func greeting() async throws(RemoteError) -> any ByteSource {
    try await AddressGuard.check(url, throughProxy: usesProxy)
    var redirects = 0
    while true {
      let address = "\(url)/info/refs?service=\(service.rawValue)"
      let answer = try await execute(request(address, .GET))
      if let next = try HTTPRedirect(from: url, service: service).target(of: answer, after: redirects) {
        url = next
        redirects += 1
        continue
      }
      try await check(answer, "advertisement")
      return HTTPGreeting(HTTPByteSource(answer.body, explainer), service: service)
    }
  }

  public func request(
    _ body: @escaping @Sendable () async throws(RemoteError) -> [UInt8]?
  ) async throws(RemoteError) -> any ByteSource {
    var request = request("\(url)/\(service.rawValue)", .POST)
    request.headers.add(name: "content-type", value: "application/x-\(service.rawValue)-request")
    request.body = try await HTTPRequestBody(body).made()
    let answer = try await execute(request)
    try await check(answer, "result")
    return HTTPByteSource(answer.body, explainer)
  }

  public func close() async {
    // What a shutdown can complain about are connections that were cut, which is what is asked for here.
    try? await client.shutdown()
  }

  private func request(_ address: String, _ method: HTTPMethod) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: address)
    request.method = method
    request.headers.add(name: "user-agent", value: "git/mooring")
    request.headers.add(
      name: "accept", value: method == .GET ? "*/*" : "application/x-\(service.rawValue)-result")
    // There is no version 2 of pushing (gitprotocol-v2).
    if service == .uploadPack { request.headers.add(name: "git-protocol", value: "version=2") }
    if let authorization { request.headers.add(name: "authorization", value: authorization) }
    return request
  }

  private func execute(_ request: HTTPClientRequest) async throws(RemoteError) -> HTTPClientResponse {
    do {
      return try await client.execute(request, deadline: .distantFuture)
    } catch {
      throw explainer.remoteError(error)
    }
  }

  private func check(_ answer: HTTPClientResponse, _ kind: String) async throws(RemoteError) {
    guard answer.status == .ok else { throw await explainer.remoteError(of: answer) }
    let expected = "application/x-\(service.rawValue)-\(kind)"
    let type = answer.headers.first(name: "content-type")?.prefix { $0 != ";" } ?? ""
    guard type == expected else {
      throw RemoteError(
        .malformed, "\(url) answered \(PlainText.plain(String(type), limit: 60).debugDescription) instead of Git",
        remedy: "see whether the URL is the one that `git clone` takes, and not a page's or a login's")
    }
  }
}
