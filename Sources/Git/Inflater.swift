internal import CLibgit2

/// Inflates zlib streams (RFC 1950) piece by piece, through a buffer of 64 KiB whatever they inflate to.
final class Inflater {
  // zlib keeps the address of its state, so it must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 65_536)

  init() throws(PackProblem) {
    stream.initialize(to: z_stream())
    let code = inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw PackProblem(.tooLarge, "there is no memory to inflate it") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    output.deallocate()
  }

  /// Makes ready for the next stream.
  func reset() { inflateReset(stream) }

  /// Inflates from `bytes` until it or the stream ends, and shows `body` what comes out, piece by piece.
  func inflate(
    _ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) throws(PackProblem) -> Void
  ) throws(PackProblem) -> (consumed: Int, isFinished: Bool) {
    stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
    stream.pointee.avail_in = UInt32(bytes.count)
    while true {
      stream.pointee.next_out = output.baseAddress
      stream.pointee.avail_out = UInt32(output.count)
      let code = CLibgit2.inflate(stream, Z_NO_FLUSH)
      // What came out before a fault is judged first: what is wrong doesn't depend on how bytes arrive.
      let produced = output.count - Int(stream.pointee.avail_out)
      if produced > 0 { try body(UnsafeBufferPointer(rebasing: output[..<produced])) }
      guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
        throw PackProblem(.malformed, "an object of the pack can't be inflated")
      }
      let consumed = bytes.count - Int(stream.pointee.avail_in)
      if code == Z_STREAM_END { return (consumed, true) }
      if stream.pointee.avail_out > 0 { return (consumed, false) }
    }
  }
}
