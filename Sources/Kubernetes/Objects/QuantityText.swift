/// The parts of a quantity's text: sign, digits, suffix.
struct QuantityText {
  /// What the digits are multiplied by: a power of two, or of ten.
  struct Suffix {
    var doublings = 0
    var exponent = 0
  }

  let isNegative: Bool
  /// Each from 0 to 9, the decimals among them.
  let digits: [UInt8]
  let fractionDigits: Int
  let suffix: Suffix

  init?(_ text: String) {
    var rest = Substring(text).utf8
    isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    let whole = Self.takeDigits(&rest)
    var fraction: [UInt8] = []
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = Self.takeDigits(&rest)
    }
    guard !whole.isEmpty || !fraction.isEmpty, let suffix = Self.suffix(String(Substring(rest))) else { return nil }
    digits = whole + fraction
    fractionDigits = fraction.count
    self.suffix = suffix
  }

  private static func suffix(_ text: String) -> Suffix? {
    if let known = suffixes[text] { return known }
    guard let first = text.utf8.first, first | 0x20 == UInt8(ascii: "e"), let exponent = Int32(text.dropFirst())
    else { return nil }
    return Suffix(exponent: Int(exponent))
  }

  private static let suffixes: [String: Suffix] = {
    var result = ["": Suffix(), "n": Suffix(exponent: -9), "u": Suffix(exponent: -6), "m": Suffix(exponent: -3)]
    for (index, letter) in ["k", "M", "G", "T", "P", "E"].enumerated() {
      result[letter] = Suffix(exponent: 3 * (index + 1))
    }
    for (index, letter) in ["K", "M", "G", "T", "P", "E"].enumerated() {
      result[letter + "i"] = Suffix(doublings: 10 * (index + 1))
    }
    return result
  }()

  private static func takeDigits(_ rest: inout Substring.UTF8View) -> [UInt8] {
    let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    rest = rest[digits.endIndex...]
    return digits.map { $0 - UInt8(ascii: "0") }
  }
}
