import AsyncHTTPClient
import NIOCore

/// One open watch: its events as they arrive, no more of which are read than are asked for.
struct WatchConnection {
  private var iterator: HTTPClientResponse.Body.AsyncIterator
  private var framer: LineFramer
  private let client: APIClient
  private let resource: APIResource

  init(_ body: HTTPClientResponse.Body, client: APIClient, resource: APIResource) {
    iterator = body.makeAsyncIterator()
    framer = LineFramer(limit: client.settings.maximumAnswer)
    self.client = client
    self.resource = resource
  }

  /// The next event; `nil` where the server has ended the watch.
  mutating func next(isolation actor: isolated (any Actor)?) async throws(KubernetesError) -> RawWatchEvent? {
    while true {
      if let line = try framer.next() { return try RawWatchEvent(line, of: resource, reader: client.reader) }
      let part: ByteBuffer?
      do { part = try await iterator.next(isolation: actor) } catch { throw client.transport.failure(error) }
      guard let part else {
        if framer.isInLine { throw KubernetesError(.unreachable, "the watch was cut in the middle of an event") }
        return nil
      }
      framer.append(part)
    }
  }
}
