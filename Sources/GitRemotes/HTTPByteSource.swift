import AsyncHTTPClient
import NIOCore

/// The body of an answer as it arrives; no more of it is read than was asked for.
///
/// `@unchecked Sendable`: a conversation reads an answer from one place, one part at a time, and the iterator is touched
/// there only.
final class HTTPByteSource: ByteSource, @unchecked Sendable {
  private var iterator: HTTPClientResponse.Body.AsyncIterator
  private let explainer: HTTPFailure

  init(_ body: HTTPClientResponse.Body, _ explainer: HTTPFailure) {
    iterator = body.makeAsyncIterator()
    self.explainer = explainer
  }

  func next() async throws(RemoteError) -> [UInt8]? {
    do {
      while let buffer = try await iterator.next() {
        if buffer.readableBytes > 0 { return Array(buffer.readableBytesView) }
      }
      return nil
    } catch {
      throw explainer.remoteError(error)
    }
  }
}
