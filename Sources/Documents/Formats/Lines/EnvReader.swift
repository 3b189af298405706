/// Dotenv files: `KEY=value` lines with `export`, quotes and comments, every value a string.
///
/// There is no standard; this is what Docker Compose, Node's dotenv and a shell agree on: single quotes keep everything,
/// double quotes know `\n \r \t \" \\ \$`, both may span lines, and outside quotes ` #` begins a comment. A name alone
/// (`KEY`, taken from the surroundings) is null. Variables are not expanded.
struct EnvReader {
  private let source: [UInt8]
  private var position: Int

  static func read(_ bytes: [UInt8], from start: Int, into builder: inout ArenaBuilder) throws(ReadingProblem) {
    var reader = EnvReader(source: bytes, position: start)
    try builder.begin(.mapping, at: start, style: .block)
    while true {
      reader.skip { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
      guard let byte = reader.current else { break }
      if byte == UInt8(ascii: "#") {
        reader.skip { $0 != 0x0A }
      } else {
        try reader.entry(into: &builder)
      }
    }
    try builder.end(at: nil)
  }

  private mutating func entry(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    if source[position...].starts(with: "export".utf8), position + 6 < source.count,
      source[position + 6] == 0x20 || source[position + 6] == 0x09
    {
      position += 7
      skipBlanks()
    }
    let start = position
    skip(Self.isName)
    guard position > start else {
      throw ReadingProblem(.syntax, "a line should be KEY=value", at: position)
    }
    let key = start..<position
    try builder.scalar(.string, TextReference(key), range: key, style: .plain)
    skipBlanks()
    if current == UInt8(ascii: "=") {
      position += 1
      skipBlanks()
      try value(into: &builder)
    } else {
      try builder.scalar(
        .null, TextReference(key.upperBound..<key.upperBound), range: position..<position, style: .plain)
    }
    try endOfLine()
  }

  private mutating func value(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    switch current {
    case UInt8(ascii: "'"): try singleQuoted(into: &builder)
    case UInt8(ascii: "\""): try doubleQuoted(into: &builder)
    default:
      let start = position
      while let byte = current, byte != 0x0A, !(byte == UInt8(ascii: "#") && isBlank(position - 1)) { position += 1 }
      var end = position
      while end > start, isBlank(end - 1) { end -= 1 }
      try builder.scalar(.string, TextReference(start..<end), range: start..<end, style: .plain)
    }
  }

  private mutating func singleQuoted(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    let start = position
    position += 1
    skip { $0 != UInt8(ascii: "'") }
    guard current != nil else { throw ReadingProblem(.syntax, "a quote isn't closed", at: start) }
    position += 1
    try builder.scalar(
      .string, TextReference(start + 1..<position - 1), range: start..<position, style: .singleQuoted)
  }

  private mutating func doubleQuoted(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "\"") {
      position += 1
      if byte == UInt8(ascii: "\\"), let escaped = current {
        position += 1
        text.append(contentsOf: Self.unescape(escaped))
      } else {
        text.append(byte)
      }
    }
    guard current != nil else { throw ReadingProblem(.syntax, "a quote isn't closed", at: start) }
    position += 1
    try builder.scalar(.string, builder.addToPool(text), range: start..<position, style: .doubleQuoted)
  }

  private static func unescape(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "n"): [0x0A]
    case UInt8(ascii: "r"): [0x0D]
    case UInt8(ascii: "t"): [0x09]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): [byte]
    default: [UInt8(ascii: "\\"), byte]
    }
  }

  private mutating func endOfLine() throws(ReadingProblem) {
    skip { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    if current == UInt8(ascii: "#") { skip { $0 != 0x0A } }
    guard current == nil || current == 0x0A else {
      throw ReadingProblem(.syntax, "text stands after the value", at: position, remedy: "quote the whole value")
    }
  }

  private var current: UInt8? { position < source.count ? source[position] : nil }

  private func isBlank(_ place: Int) -> Bool { [0x20, 0x09, 0x0D].contains(source[place]) }

  private mutating func skipBlanks() { skip { $0 == 0x20 || $0 == 0x09 } }

  private mutating func skip(_ fits: (UInt8) -> Bool) {
    while let byte = current, fits(byte) { position += 1 }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
