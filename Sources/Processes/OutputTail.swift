/// The last bytes of a stream, and how many came before them.
struct OutputTail {
  private let limit: Int
  private var bytes: [UInt8] = []
  private var dropped = 0

  init(limit: Int) {
    self.limit = max(0, limit)
  }

  /// Amortised linear in `chunk`: the front is cut only when twice the limit is held.
  mutating func append(_ chunk: some Collection<UInt8>) {
    bytes.append(contentsOf: chunk)
    if bytes.count > 2 * limit { cut() }
  }

  /// The kept text and the count of what was dropped. A character that was cut in two is dropped whole.
  mutating func finish() -> (text: String, droppedBytes: Int) {
    cut()
    if dropped > 0 {
      let broken = bytes.prefix(3).prefix { $0 & 0b1100_0000 == 0b1000_0000 }.count
      bytes.removeFirst(broken)
      dropped += broken
    }
    return (String(decoding: bytes, as: UTF8.self), dropped)
  }

  mutating func drop(_ count: Int) { dropped += count }

  private mutating func cut() {
    let surplus = bytes.count - limit
    guard surplus > 0 else { return }
    bytes.removeFirst(surplus)
    dropped += surplus
  }
}
