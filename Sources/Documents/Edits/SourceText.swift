/// The bytes of a file, seen as lines.
///
/// A line ends with LF or CRLF; its end is where the LF, or the CR before it, stands, or the file's end.
struct SourceText {
  let bytes: [UInt8]
  /// Where the text begins, after a byte order mark.
  let start: Int
  /// CRLF when the first line ends with it, and LF otherwise.
  let lineBreak: String

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let first = bytes.firstIndex(of: 0x0A)
    lineBreak = first.map { $0 > 0 && bytes[$0 - 1] == 0x0D } ?? false ? "\r\n" : "\n"
  }

  subscript(_ offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }

  func lineStart(of offset: Int) -> Int {
    var place = min(offset, bytes.count)
    while place > start, bytes[place - 1] != 0x0A { place -= 1 }
    return max(place, start)
  }

  func lineEnd(of offset: Int) -> Int {
    var place = min(offset, bytes.count)
    while place < bytes.count, bytes[place] != 0x0A { place += 1 }
    return place < bytes.count && place > offset && bytes[place - 1] == 0x0D ? place - 1 : place
  }

  /// Where the line after that of `offset` begins, or the file's end.
  func nextLine(of offset: Int) -> Int {
    var place = min(offset, bytes.count)
    while place < bytes.count, bytes[place] != 0x0A { place += 1 }
    return min(place + 1, bytes.count)
  }

  /// Where the line that ends just before `lineStart` ends; at the file's end without a line break, that.
  func end(ofLineBefore lineStart: Int) -> Int {
    guard lineStart > start, bytes[lineStart - 1] == 0x0A else { return lineStart }
    return lineStart - 1 > start && bytes[lineStart - 2] == 0x0D ? lineStart - 2 : lineStart - 1
  }

  /// In bytes, from 0.
  func column(of offset: Int) -> Int { offset - lineStart(of: offset) }

  /// Whether only blanks stand before it on its line.
  func isFirstOnLine(_ offset: Int) -> Bool { isBlank(lineStart(of: offset)..<offset) }

  /// The blanks that the line of `offset` begins with.
  func indentation(of offset: Int) -> String {
    let start = lineStart(of: offset)
    return string(start..<skipBlanks(from: start))
  }

  func isBlank(_ range: Range<Int>) -> Bool { bytes[range].allSatisfy(Self.isBlank) }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Blanks and line ends.
  static func isSpace(_ byte: UInt8) -> Bool { isBlank(byte) || byte == 0x0A || byte == 0x0D }

  func skipBlanks(from offset: Int) -> Int {
    var place = offset
    while let byte = self[place], Self.isBlank(byte) { place += 1 }
    return place
  }

  func skipBlanks(backFrom offset: Int) -> Int {
    var place = offset
    while place > start, Self.isBlank(bytes[place - 1]) { place -= 1 }
    return place
  }

  /// Past blanks, line ends and comments that begin with `#`.
  func skipSpace(from offset: Int) -> Int {
    var place = offset
    while let byte = self[place] {
      if byte == UInt8(ascii: "#") {
        place = lineEnd(of: place)
      } else if Self.isSpace(byte) {
        place += 1
      } else {
        break
      }
    }
    return place
  }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  func place(of offset: Int) -> (line: Int, column: Int) { LineIndex(bytes).place(of: offset, in: bytes) }
}
