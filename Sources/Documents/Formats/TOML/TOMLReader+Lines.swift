extension TOMLReader {
  func peek(_ ahead: Int = 0) -> UInt8? {
    position + ahead < source.count ? source[position + ahead] : nil
  }

  mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= source.count else { return false }
    let matches = text.withUTF8Buffer { source[position..<position + count].elementsEqual($0) }
    if matches { position += count }
    return matches
  }

  mutating func skipBlanks() {
    while let byte = peek(), byte == 0x20 || byte == 0x09 { position += 1 }
  }

  /// A comment, if there is one, and the line's end or the file's.
  mutating func endOfLine() throws(ReadingProblem) {
    skipBlanks()
    try skipComment()
    guard peek() != nil else { return }
    guard take("\n") || take("\r\n") else { throw problem("the line should end here") }
  }

  /// Blanks, comments and line ends, as arrays allow them.
  mutating func skipLines() throws(ReadingProblem) {
    repeat {
      skipBlanks()
      try skipComment()
    } while take("\n") || take("\r\n")
  }

  private mutating func skipComment() throws(ReadingProblem) {
    guard peek() == UInt8(ascii: "#") else { return }
    while let byte = peek(), byte != 0x0A, !(byte == 0x0D && peek(1) == 0x0A) {
      if Self.isControl(byte) { throw problem("a control character stands in a comment") }
      position += 1
    }
  }

  static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 || byte == 0x7F }

  func problem(_ message: String, at offset: Int? = nil) -> ReadingProblem {
    ReadingProblem(.syntax, message, at: offset ?? position)
  }

  func tooDeep() -> ReadingProblem {
    ReadingProblem(.limit("depth"), "nested deeper than \(depthLimit) levels", at: position)
  }
}
