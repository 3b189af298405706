/// Strings with backslash escapes, as JSON, TOML, Java properties and dotenv share them.
enum QuotedText {
  /// The rest of a JSON string after its opening quote; moves past the closing one.
  static func json(
    _ source: [UInt8], at position: inout Int, into builder: inout ArenaBuilder
  ) throws(ReadingProblem) -> TextReference {
    let start = position
    var cooked: [UInt8] = []
    var isCooked = false
    while position < source.count {
      let byte = source[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return isCooked ? builder.addToPool(cooked) : TextReference(start..<position - 1)
      case UInt8(ascii: "\\"):
        if !isCooked { cooked = Array(source[start..<position]) }
        isCooked = true
        try jsonEscape(source, at: &position, into: &cooked)
      case ..<0x20:
        throw ReadingProblem(.syntax, "a control character stands in a string", at: position, remedy: "escape it")
      default:
        if isCooked { cooked.append(byte) }
        position += 1
      }
    }
    throw ReadingProblem(.syntax, "a string isn't closed", at: start - 1)
  }

  private static func jsonEscape(
    _ source: [UInt8], at position: inout Int, into text: inout [UInt8]
  ) throws(ReadingProblem) {
    let start = position
    position += 1
    guard position < source.count else { throw ReadingProblem(.syntax, "a string isn't closed", at: start) }
    let byte = source[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): try append(utf16(source, at: &position, from: start), to: &text, at: start)
    default: throw ReadingProblem(.syntax, "an escape that the format doesn't know", at: start)
    }
  }

  /// The code point of four hexadecimal digits, or of two such escapes that are a surrogate pair.
  static func utf16(_ source: [UInt8], at position: inout Int, from start: Int) throws(ReadingProblem) -> Int {
    let first = try hexadecimal(4, source, at: &position, from: start)
    guard (0xD800...0xDBFF).contains(first) else { return first }
    guard source[position...].starts(with: "\\u".utf8) else {
      throw ReadingProblem(.syntax, "half of a surrogate pair", at: start)
    }
    position += 2
    let second = try hexadecimal(4, source, at: &position, from: start)
    guard (0xDC00...0xDFFF).contains(second) else {
      throw ReadingProblem(.syntax, "half of a surrogate pair", at: start)
    }
    return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
  }

  static func hexadecimal(
    _ count: Int, _ source: [UInt8], at position: inout Int, from start: Int
  ) throws(ReadingProblem) -> Int {
    var value = 0
    for _ in 0..<count {
      guard position < source.count, let digit = NumberSyntax.digit(source[position]) else {
        throw ReadingProblem(.syntax, "an escape needs \(count) hexadecimal digits", at: start)
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  static func append(_ codePoint: Int, to text: inout [UInt8], at start: Int) throws(ReadingProblem) {
    guard let value = UInt32(exactly: codePoint), let scalar = Unicode.Scalar(value) else {
      throw ReadingProblem(.syntax, "an escape that is no Unicode character", at: start)
    }
    text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }
}
