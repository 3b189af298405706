/// Turns libyaml's positions, which count characters, into bytes; cheap while positions move little.
struct CharacterCursor {
  private let source: UnsafeBufferPointer<UInt8>
  private let isASCII: Bool
  private let start: Int
  private var character = 0
  private var byte: Int

  init(_ source: UnsafeBufferPointer<UInt8>, from start: Int) {
    self.source = source
    self.start = start
    byte = start
    isASCII = source.allSatisfy { $0 < 0x80 }
  }

  mutating func byte(of target: Int) -> Int {
    if isASCII { return min(start + target, source.count) }
    while character < target && byte < source.count {
      byte += 1
      while byte < source.count && source[byte] & 0xC0 == 0x80 { byte += 1 }
      character += 1
    }
    while character > target && byte > start {
      byte -= 1
      while byte > start && source[byte] & 0xC0 == 0x80 { byte -= 1 }
      character -= 1
    }
    return byte
  }
}
