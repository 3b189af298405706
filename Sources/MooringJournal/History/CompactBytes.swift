import MooringModel

/// Numbers, texts and identities one after the other: a number, never negative, takes seven bits a byte, the lowest first
/// (LEB128).
struct CompactWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ number: Int) {
    var rest = UInt(bitPattern: number)
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func write(byte: UInt8) { bytes.append(byte) }

  mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func write(_ id: ContentID) { bytes.append(contentsOf: id.bytes) }

  mutating func write(_ others: [UInt8]) { bytes.append(contentsOf: others) }
}

/// Reads what a `CompactWriter` wrote, and believes nothing of it.
struct CompactReader {
  /// The bytes aren't what a writer writes.
  struct Damaged: Error {}

  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  /// - Parameter bytes: Outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  mutating func byte() throws(Damaged) -> UInt8 {
    guard place < bytes.count else { throw Damaged() }
    defer { place += 1 }
    return bytes[place]
  }

  mutating func number() throws(Damaged) -> Int {
    var value: UInt = 0
    var shift: UInt = 0
    while true {
      let next = try byte()
      guard shift < 63 else { throw Damaged() }
      value |= UInt(next & 0x7F) << shift
      guard next & 0x80 != 0 else { return Int(bitPattern: value) }
      shift += 7
    }
  }

  /// How many of something follow, of which each takes a byte at least.
  mutating func count() throws(Damaged) -> Int {
    let count = try number()
    guard count <= bytes.count - place else { throw Damaged() }
    return count
  }

  mutating func text() throws(Damaged) -> String {
    let count = try count()
    defer { place += count }
    return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[place..<place + count]), as: UTF8.self)
  }

  mutating func id() throws(Damaged) -> ContentID {
    let count = 20
    guard bytes.count - place >= count else { throw Damaged() }
    defer { place += count }
    guard let id = ContentID(bytes: UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])) else {
      throw Damaged()
    }
    return id
  }
}
