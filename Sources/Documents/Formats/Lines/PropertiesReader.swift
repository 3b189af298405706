/// Java properties, as `java.util.Properties.load` reads them: `key=value`, `key:value` or `key value`, comments with
/// `#` or `!`, backslash continuations and escapes; every value a string. Unlike Java, a key twice is an error.
struct PropertiesReader {
  private let source: [UInt8]
  private var position: Int

  static func read(_ bytes: [UInt8], from start: Int, into builder: inout ArenaBuilder) throws(ReadingProblem) {
    var reader = PropertiesReader(source: bytes, position: start)
    try builder.begin(.mapping, at: start, style: .block)
    while true {
      reader.skip { Self.isBlank($0) || Self.isLineEnd($0) }
      guard let byte = reader.current else { break }
      if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "!") {
        reader.skip { !Self.isLineEnd($0) }
      } else {
        try reader.entry(into: &builder)
      }
    }
    try builder.end(at: nil)
  }

  private mutating func entry(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    try part(into: &builder) { Self.isBlank($0) || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }
    skipSeparatorBlanks()
    if current == UInt8(ascii: "=") || current == UInt8(ascii: ":") {
      position += 1
      skipSeparatorBlanks()
    }
    try part(into: &builder) { _ in false }
  }

  /// Text up to the line's end or an unescaped byte that ends it.
  private mutating func part(
    into builder: inout ArenaBuilder, until ends: (UInt8) -> Bool
  ) throws(ReadingProblem) {
    let start = position
    var cooked: [UInt8] = []
    var isCooked = false
    while let byte = current, !Self.isLineEnd(byte), !ends(byte) {
      if byte == UInt8(ascii: "\\") {
        if !isCooked { cooked = Array(source[start..<position]) }
        isCooked = true
        try escape(into: &cooked)
      } else {
        if isCooked { cooked.append(byte) }
        position += 1
      }
    }
    let text = isCooked ? builder.addToPool(cooked) : TextReference(start..<position)
    try builder.scalar(.string, text, range: start..<position, style: .plain)
  }

  private mutating func escape(into text: inout [UInt8]) throws(ReadingProblem) {
    let start = position
    position += 1
    guard let byte = current else { return }
    if Self.isLineEnd(byte) { return continueLine() }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "u"):
      try QuotedText.append(QuotedText.utf16(source, at: &position, from: start), to: &text, at: start)
    default: text.append(byte)
    }
  }

  private mutating func continueLine() {
    if current == 0x0D { position += 1 }
    if current == 0x0A { position += 1 }
    skip(Self.isBlank)
  }

  /// Blanks around the separator, also over continued lines.
  private mutating func skipSeparatorBlanks() {
    while true {
      skip(Self.isBlank)
      guard current == UInt8(ascii: "\\"), position + 1 < source.count, Self.isLineEnd(source[position + 1]) else {
        return
      }
      position += 1
      continueLine()
    }
  }

  private var current: UInt8? { position < source.count ? source[position] : nil }

  private mutating func skip(_ fits: (UInt8) -> Bool) {
    while let byte = current, fits(byte) { position += 1 }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0C }
  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
