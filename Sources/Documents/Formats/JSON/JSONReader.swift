/// Strict RFC 8259, without recursion.
struct JSONReader {
  private let source: [UInt8]
  private var position: Int

  static func read(_ bytes: [UInt8], from start: Int, into builder: inout ArenaBuilder) throws(ReadingProblem) {
    var reader = JSONReader(source: bytes, position: start)
    repeat {
      try reader.value(into: &builder)
      try reader.close(into: &builder)
    } while builder.depth > 0
    if let byte = reader.peek() { throw reader.unexpected(byte, "after the document") }
  }

  /// Reads a scalar, or opens containers up to the first place where a scalar or a closing bracket stands.
  private mutating func value(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    while true {
      if builder.expectsKey {
        if peek() == UInt8(ascii: "}") { return }
        try key(into: &builder)
      }
      guard let byte = peek() else { throw problem("the document ends where a value should stand") }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        try builder.begin(byte == UInt8(ascii: "{") ? .mapping : .sequence, at: position, style: .flow)
        position += 1
        if byte == UInt8(ascii: "["), peek() == UInt8(ascii: "]") { return }
      case UInt8(ascii: "\""): return try string(into: &builder)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(into: &builder)
      default: return try word(into: &builder)
      }
    }
  }

  /// Closes the containers that end here, and takes the comma before the next value.
  private mutating func close(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    while builder.depth > 0 {
      guard let byte = peek() else {
        throw problem("the document ends inside a \(builder.isInMapping ? "mapping" : "list")")
      }
      let closing = UInt8(ascii: builder.isInMapping ? "}" : "]")
      if byte == closing {
        position += 1
        try builder.end(at: position)
      } else if byte == UInt8(ascii: ",") {
        position += 1
        if peek() == closing { throw problem("a comma stands before the closing bracket") }
        return
      } else {
        throw unexpected(byte, "where , or \(Character(Unicode.Scalar(closing))) should stand")
      }
    }
  }

  private mutating func key(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    guard peek() == UInt8(ascii: "\"") else { throw problem("a key in double quotes should stand here") }
    try string(into: &builder)
    guard peek() == UInt8(ascii: ":") else { throw problem("a colon should stand here") }
    position += 1
  }

  private mutating func string(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    let start = position
    position += 1
    let text = try QuotedText.json(source, at: &position, into: &builder)
    try builder.scalar(.string, text, range: start..<position, style: .doubleQuoted)
  }

  private mutating func number(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    let start = position
    var type = NodeRecord.ScalarType.integer
    take(UInt8(ascii: "-"))
    let isZero = current == UInt8(ascii: "0")
    let digits = takeDigits()
    if digits == 0 || (isZero && digits > 1) { throw ReadingProblem(.syntax, "not a JSON number", at: start) }
    if take(UInt8(ascii: ".")) {
      type = .float
      if takeDigits() == 0 { throw ReadingProblem(.syntax, "a digit should follow the point", at: position) }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      type = .float
      if !take(UInt8(ascii: "+")) { take(UInt8(ascii: "-")) }
      if takeDigits() == 0 { throw ReadingProblem(.syntax, "an exponent needs a digit", at: position) }
    }
    try builder.scalar(type, TextReference(start..<position), range: start..<position, style: .plain)
  }

  private mutating func word(into builder: inout ArenaBuilder) throws(ReadingProblem) {
    let words: [(String, NodeRecord.ScalarType)] = [("true", .true), ("false", .false), ("null", .null)]
    for (word, type) in words where source[position...].starts(with: word.utf8) {
      let range = position..<position + word.utf8.count
      position = range.upperBound
      return try builder.scalar(type, TextReference(range), range: range, style: .plain)
    }
    throw unexpected(source[position], "where a value should stand")
  }

  private var current: UInt8? { position < source.count ? source[position] : nil }

  /// The next byte that isn't blank.
  private mutating func peek() -> UInt8? {
    while let byte = current {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return byte
      }
    }
    return nil
  }

  @discardableResult private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func takeDigits() -> Int {
    let start = position
    while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }

  private func problem(_ message: String) -> ReadingProblem { ReadingProblem(.syntax, message, at: position) }

  private func unexpected(_ byte: UInt8, _ place: String) -> ReadingProblem {
    let name = byte > 0x20 && byte < 0x7F ? String(UnicodeScalar(byte)) : "a byte \(byte)"
    return problem("\(name) stands \(place)")
  }
}
