import AsyncHTTPClient
import GitRemotes
import NIOCore
import NIOHTTP1
import NIOSSL

/// What a server said: its status, and as much of the body as is looked at.
struct HTTPAnswer {
  let status: Int
  let body: [UInt8]
  /// Whether there was more.
  let isCut: Bool
  let headers: HTTPHeaders

  /// Asks once, over a connection of its own. A redirect is an answer, not a place to go; the transfer ends where the
  /// body's limit is passed, or the task is cancelled.
  static func get(
    _ url: String, connectingWithin limit: Duration, bodyBytes: Int, allowsLinkLocal: Bool
  ) async throws -> HTTPAnswer {
    var request = HTTPClientRequest(url: url)
    request.headers.add(name: "user-agent", value: "mooring")
    return try await of(
      request, connectingWithin: limit, bodyBytes: bodyBytes, allowsLinkLocal: allowsLinkLocal)
  }

  /// The same, of any request.
  static func of(
    _ request: HTTPClientRequest, tls: TLSConfiguration? = nil, connectingWithin limit: Duration, bodyBytes: Int,
    allowsLinkLocal: Bool
  ) async throws -> HTTPAnswer {
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow, timeout: .init(connect: TimeAmount(limit)))
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    if !allowsLinkLocal { configuration.http1_1ConnectionDebugInitializer = AddressGuard.look }
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    do {
      let answer = try await answer(of: client, request, bodyBytes: bodyBytes)
      try? await client.shutdown()
      return answer
    } catch {
      try? await client.shutdown()
      throw error
    }
  }

  private static func answer(
    of client: HTTPClient, _ request: HTTPClientRequest, bodyBytes: Int
  ) async throws -> HTTPAnswer {
    let response = try await client.execute(request, deadline: .distantFuture)
    var body: [UInt8] = []
    for try await part in response.body {
      body += part.readableBytesView.prefix(bodyBytes - body.count + 1)
      if body.count > bodyBytes { break }
    }
    return HTTPAnswer(
      status: Int(response.status.code), body: Array(body.prefix(bodyBytes)), isCut: body.count > bodyBytes,
      headers: response.headers)
  }
}
