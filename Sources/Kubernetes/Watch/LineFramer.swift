import NIOCore

/// Cuts what arrives into lines, each of which is one event of a watch; it holds no more than the line that isn't whole
/// yet, and what came with its beginning.
struct LineFramer {
  private var buffer = ByteBuffer()
  /// How many of the bytes at hand are known to have no line feed.
  private var scanned = 0
  private let limit: Int

  /// - Parameter limit: The longest line, in bytes.
  init(limit: Int) { self.limit = limit }

  mutating func append(_ part: ByteBuffer) {
    var part = part
    if buffer.readableBytes == 0 {
      buffer = part
    } else {
      buffer.discardReadBytes()
      buffer.writeBuffer(&part)
    }
  }

  /// The next whole line that isn't empty, without its line feed; `nil` where there is none.
  ///
  /// - Throws: `tooLarge` past the limit.
  mutating func next() throws(KubernetesError) -> [UInt8]? {
    while let length = lineLength() {
      let line = buffer.readBytes(length: length) ?? []
      buffer.moveReaderIndex(forwardBy: 1)
      scanned = 0
      if length > limit { throw tooLarge }
      if !line.isEmpty { return line }
    }
    scanned = buffer.readableBytes
    if scanned > limit { throw tooLarge }
    return nil
  }

  /// Whether a line has begun and not ended.
  var isInLine: Bool { buffer.readableBytes > 0 }

  private func lineLength() -> Int? {
    let rest = buffer.readableBytesView.dropFirst(scanned)
    return rest.firstIndex(of: 0x0A).map { $0 - buffer.readableBytesView.startIndex }
  }

  private var tooLarge: KubernetesError {
    KubernetesError(.tooLarge, "an event of a watch has more than \(limit) bytes")
  }
}
