import AsyncHTTPClient
import NIOCore

/// What is sent: in one piece while it is short, and otherwise as it is made.
struct HTTPRequestBody {
  /// What is sent with its length, as Git does: there are servers that can't read a body without.
  static let wholeBytes = 1 << 20

  typealias Part = @Sendable () async throws(RemoteError) -> [UInt8]?
  private let next: Part

  init(_ next: @escaping Part) { self.next = next }

  func made() async throws(RemoteError) -> HTTPClientRequest.Body {
    var start: [UInt8] = []
    while start.count <= Self.wholeBytes {
      guard let part = try await next() else { return .bytes(ByteBuffer(bytes: start)) }
      start += part
    }
    return .stream(Parts(start: start, next: next), length: .unknown)
  }

  /// The start that was read already, and then the rest, a part at a time.
  private struct Parts: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    let start: [UInt8]
    let next: Part

    func makeAsyncIterator() -> Iterator { Iterator(start: start, next: next) }

    struct Iterator: AsyncIteratorProtocol {
      var start: [UInt8]?
      let next: Part

      mutating func next() async throws -> ByteBuffer? {
        if let start {
          self.start = nil
          return ByteBuffer(bytes: start)
        }
        return try await next().map { ByteBuffer(bytes: $0) }
      }
    }
  }
}
