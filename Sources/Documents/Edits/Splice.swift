/// Bytes of a file that give way to others.
struct Splice {
  var range: Range<Int>
  var text: String

  init(_ range: Range<Int>, _ text: String = "") {
    self.range = range
    self.text = text
  }

  init(at offset: Int, _ text: String) { self.init(offset..<offset, text) }
}

extension SourceText {
  /// The bytes after all splices; nil when two of them overlap.
  func applying(_ splices: [Splice]) -> [UInt8]? {
    var result: [UInt8] = []
    var position = 0
    let sorted = splices.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }
    for (_, splice) in sorted {
      guard splice.range.lowerBound >= position, splice.range.upperBound <= bytes.count else { return nil }
      result.append(contentsOf: bytes[position..<splice.range.lowerBound])
      result.append(contentsOf: splice.text.utf8)
      position = splice.range.upperBound
    }
    return result + bytes[position...]
  }

  /// Takes whole lines away; the last line of a file without a final line break takes the break before it along.
  func removingLines(_ range: Range<Int>) -> Splice {
    let isOpenEnd = range.upperBound == bytes.count && bytes.last != 0x0A
    return Splice((isOpenEnd ? end(ofLineBefore: range.lowerBound) : range.lowerBound)..<range.upperBound)
  }

  /// Puts lines where a line begins, or behind the last line of a file without a final line break.
  func insertingLines(_ lines: [String], at lineStart: Int) -> Splice {
    let text = lines.joined(separator: lineBreak)
    let isLineStart = lineStart <= start || bytes[lineStart - 1] == 0x0A
    return Splice(at: lineStart, isLineStart ? text + lineBreak : lineBreak + text)
  }

  /// Replaces a value on one line, and keeps the column of a comment that stands two blanks or more behind it.
  func replacing(_ range: Range<Int>, with text: String) -> [Splice] {
    let blanks = range.upperBound..<skipBlanks(from: range.upperBound)
    let old = string(range)
    guard blanks.count >= 2, self[blanks.upperBound] == UInt8(ascii: "#"),
      !old.unicodeScalars.contains("\n"), !text.unicodeScalars.contains("\n"),
      bytes[blanks].allSatisfy({ $0 == 0x20 })
    else { return [Splice(range, text)] }
    let count = blanks.count + old.unicodeScalars.count - text.unicodeScalars.count
    return [Splice(range, text), Splice(blanks, String(repeating: " ", count: max(1, count)))]
  }
}
