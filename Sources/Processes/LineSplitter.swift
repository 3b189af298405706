/// Cuts a stream of bytes into lines, each bounded.
struct LineSplitter {
  /// The longest line that is passed on; the rest of a longer one is dropped and counted.
  static let lineLimit = 1 << 20

  private var pending: [UInt8] = []
  private(set) var droppedBytes = 0

  /// Calls `onLine` for each line that `chunk` ends, without its line feed.
  mutating func append(_ chunk: ArraySlice<UInt8>, onLine: (String) -> Void) {
    var rest = chunk
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      keep(rest[..<end])
      onLine(String(decoding: pending, as: UTF8.self))
      pending.removeAll(keepingCapacity: true)
      rest = rest[(end + 1)...]
    }
    keep(rest)
  }

  /// Passes on a last line that no line feed ended.
  mutating func finish(onLine: (String) -> Void) {
    guard !pending.isEmpty else { return }
    onLine(String(decoding: pending, as: UTF8.self))
    pending = []
  }

  private mutating func keep(_ part: ArraySlice<UInt8>) {
    let room = Self.lineLimit - pending.count
    pending.append(contentsOf: part.prefix(room))
    droppedBytes += max(0, part.count - room)
  }
}
