extension TOMLReader {
  /// Any of the four kinds of string, with its quotes.
  mutating func string(allowsLines: Bool) throws(ReadingProblem) -> (TextReference, NodeStyle) {
    let start = position
    if allowsLines && take("\"\"\"") {
      return (try text(from: start, quote: UInt8(ascii: "\""), lines: true), .folded)
    }
    if allowsLines && take("'''") {
      return (try text(from: start, quote: UInt8(ascii: "'"), lines: true), .literal)
    }
    let quote = source[position]
    position += 1
    let style: NodeStyle = quote == UInt8(ascii: "'") ? .singleQuoted : .doubleQuoted
    return (try text(from: start, quote: quote, lines: false), style)
  }

  private mutating func text(from opening: Int, quote: UInt8, lines: Bool) throws(ReadingProblem) -> TextReference {
    if lines, !take("\n") { _ = take("\r\n") }
    let start = position
    var cooked: [UInt8] = []
    var isCooked = false
    while let byte = peek() {
      if byte == quote, let length = closingLength(quote, lines: lines) {
        let end = position + length
        position = end + (lines ? 3 : 1)
        if isCooked { cooked.append(contentsOf: source[end - length..<end]) }
        return isCooked ? builder.addToPool(cooked) : TextReference(start..<end)
      }
      if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
        if !isCooked { cooked = Array(source[start..<position]) }
        isCooked = true
        try escape(into: &cooked, lines: lines)
        continue
      }
      if !lines && byte == 0x0A { break }
      try checkControl(byte, lines: lines)
      if isCooked { cooked.append(byte) }
      position += 1
    }
    throw problem("a string isn't closed", at: opening)
  }

  /// How many quotes at the position belong to the text, when the string closes here: a string of lines may end with
  /// one or two quotes of its own before the closing three.
  private func closingLength(_ quote: UInt8, lines: Bool) -> Int? {
    guard lines else { return 0 }
    var count = 0
    while count < 5, peek(count) == quote { count += 1 }
    return count >= 3 ? count - 3 : nil
  }

  private func checkControl(_ byte: UInt8, lines: Bool) throws(ReadingProblem) {
    guard Self.isControl(byte) else { return }
    if lines && (byte == 0x0A || byte == 0x0D && peek(1) == 0x0A) { return }
    throw problem("a control character stands in a string")
  }

  private mutating func escape(into text: inout [UInt8], lines: Bool) throws(ReadingProblem) {
    let start = position
    guard let byte = peek(1) else { throw problem("a string isn't closed") }
    position += 2
    switch byte {
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      let count = byte == UInt8(ascii: "u") ? 4 : 8
      let codePoint = try QuotedText.hexadecimal(count, source, at: &position, from: start)
      try QuotedText.append(codePoint, to: &text, at: start)
    case 0x20, 0x09, 0x0A, 0x0D:
      position -= 1
      guard lines, skipContinuation() else { throw problem("an escape that TOML doesn't know", at: start) }
    default: throw problem("an escape that TOML doesn't know", at: start)
    }
  }

  /// After a backslash at a line's end: everything up to the next visible character. False when the line doesn't end.
  private mutating func skipContinuation() -> Bool {
    skipBlanks()
    guard take("\n") || take("\r\n") else { return false }
    repeat { skipBlanks() } while take("\n") || take("\r\n")
    return true
  }
}
