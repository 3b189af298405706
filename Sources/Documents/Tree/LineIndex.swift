/// Line and column of any byte of a source, at the price of one entry for 4 KiB and a scan of at most as much.
///
/// A line ends with LF; the CR before it belongs to the line. Columns count Unicode scalars.
struct LineIndex: Sendable {
  private struct Checkpoint {
    var line: Int32
    var column: Int32
  }

  private static let stride = 4096
  private var checkpoints: [Checkpoint] = []

  init(_ source: [UInt8]) {
    checkpoints.reserveCapacity(source.count / Self.stride + 1)
    var position = Checkpoint(line: 1, column: 1)
    var start = 0
    repeat {
      checkpoints.append(position)
      let end = min(start + Self.stride, source.count)
      Self.advance(&position, over: source[start..<end])
      start = end
    } while start < source.count
  }

  func place(of offset: Int, in source: [UInt8]) -> (line: Int, column: Int) {
    let offset = max(0, min(offset, source.count))
    let block = min(offset / Self.stride, checkpoints.count - 1)
    var position = checkpoints[block]
    Self.advance(&position, over: source[block * Self.stride..<offset])
    return (Int(position.line), Int(position.column))
  }

  private static func advance(_ position: inout Checkpoint, over bytes: ArraySlice<UInt8>) {
    var line = position.line
    var column = position.column
    bytes.withUnsafeBufferPointer { buffer in
      for byte in buffer {
        if byte == UInt8(ascii: "\n") {
          line += 1
          column = 1
        } else if byte & 0xC0 != 0x80 {
          column += 1
        }
      }
    }
    position = Checkpoint(line: line, column: column)
  }
}
