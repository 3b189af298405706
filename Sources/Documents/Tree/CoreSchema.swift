/// What a plain YAML scalar is: the core schema of YAML 1.2.2, section 10.3.2.
///
/// `yes`, `no`, `on` and `off`, booleans in YAML 1.1, are strings, and so are `0777`'s octal reading and `1_000`: a
/// country code `no` in a manifest stays a country code. `0777` is the integer with that text.
enum CoreSchema {
  static func type(ofPlain text: some RandomAccessCollection<UInt8>) -> NodeRecord.ScalarType {
    guard let first = text.first else { return .null }
    switch first {
    case UInt8(ascii: "~"): return text.count == 1 ? .null : .string
    case UInt8(ascii: "n"), UInt8(ascii: "N"): return isWord(text, "null", "Null", "NULL") ? .null : .string
    case UInt8(ascii: "t"), UInt8(ascii: "T"): return isWord(text, "true", "True", "TRUE") ? .true : .string
    case UInt8(ascii: "f"), UInt8(ascii: "F"): return isWord(text, "false", "False", "FALSE") ? .false : .string
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      return number(text)
    default: return .string
    }
  }

  private static func isWord(_ text: some Collection<UInt8>, _ words: String...) -> Bool {
    words.contains { text.elementsEqual($0.utf8) }
  }

  private static func number(_ text: some RandomAccessCollection<UInt8>) -> NodeRecord.ScalarType {
    var scan = NumberScan(Array(text.prefix(2)), text)
    return scan.type()
  }
}

/// One pass over a number's bytes.
private struct NumberScan<Text: RandomAccessCollection<UInt8>> {
  private let text: Text
  private var position: Text.Index
  private let opening: [UInt8]

  init(_ opening: [UInt8], _ text: Text) {
    self.opening = opening
    self.text = text
    position = text.startIndex
  }

  mutating func type() -> NodeRecord.ScalarType {
    if opening == Array("0x".utf8) { return restIs { NumberSyntax.digit($0) != nil } }
    if opening == Array("0o".utf8) { return restIs { (NumberSyntax.digit($0) ?? 8) < 8 } }
    let signed = take { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") } > 0
    if signed && position == text.startIndex { return .string }
    if isSpecial(signed: signed) { return .float }
    let whole = takeDigits()
    if position == text.endIndex { return whole > 0 ? .integer : .string }
    if takeOne(UInt8(ascii: ".")) {
      if takeDigits() == 0 && whole == 0 { return .string }
    } else if whole == 0 {
      return .string
    }
    if takeOne(UInt8(ascii: "e")) || takeOne(UInt8(ascii: "E")) {
      if !takeOne(UInt8(ascii: "+")) { _ = takeOne(UInt8(ascii: "-")) }
      if takeDigits() == 0 { return .string }
    }
    return position == text.endIndex ? .float : .string
  }

  private func isSpecial(signed: Bool) -> Bool {
    let rest = text[position...]
    if [".inf", ".Inf", ".INF"].contains(where: { rest.elementsEqual($0.utf8) }) { return true }
    return !signed && [".nan", ".NaN", ".NAN"].contains(where: { rest.elementsEqual($0.utf8) })
  }

  private func restIs(_ digit: (UInt8) -> Bool) -> NodeRecord.ScalarType {
    let rest = text.dropFirst(2)
    return !rest.isEmpty && rest.allSatisfy(digit) ? .integer : .string
  }

  /// At most one byte that fits.
  private mutating func take(_ fits: (UInt8) -> Bool) -> Int {
    guard position < text.endIndex, fits(text[position]) else { return 0 }
    position = text.index(after: position)
    return 1
  }

  private mutating func takeOne(_ byte: UInt8) -> Bool { take { $0 == byte } == 1 }

  private mutating func takeDigits() -> Int {
    var count = 0
    while take({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) == 1 { count += 1 }
    return count
  }
}
