/// The grammar of TOML's integers and floats.
enum TOMLNumbers {
  static func isInteger(_ text: some RandomAccessCollection<UInt8>) -> Bool {
    if text.starts(with: "0x".utf8) { return areDigits(text.dropFirst(2), below: 16) }
    if text.starts(with: "0o".utf8) { return areDigits(text.dropFirst(2), below: 8) }
    if text.starts(with: "0b".utf8) { return areDigits(text.dropFirst(2), below: 2) }
    return isDecimal(withoutSign(text))
  }

  static func isFloat(_ text: some RandomAccessCollection<UInt8>) -> Bool {
    let digits = withoutSign(text)
    if digits.elementsEqual("inf".utf8) || digits.elementsEqual("nan".utf8) { return true }
    let exponent = digits.firstIndex { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }
    if let exponent {
      guard areDigits(withoutSign(digits[digits.index(after: exponent)...]), below: 10) else { return false }
    }
    let mantissa = digits[..<(exponent ?? digits.endIndex)]
    guard let point = mantissa.firstIndex(of: UInt8(ascii: ".")) else { return exponent != nil && isDecimal(mantissa) }
    return isDecimal(mantissa[..<point]) && areDigits(mantissa[mantissa.index(after: point)...], below: 10)
  }

  private static func withoutSign<Text: RandomAccessCollection<UInt8>>(_ text: Text) -> Text.SubSequence {
    text.first == UInt8(ascii: "+") || text.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
  }

  /// Digits without a leading zero.
  private static func isDecimal(_ text: some RandomAccessCollection<UInt8>) -> Bool {
    areDigits(text, below: 10) && (text.count == 1 || text.first != UInt8(ascii: "0"))
  }

  /// Digits, with single underscores between them.
  private static func areDigits(_ text: some Collection<UInt8>, below radix: Int) -> Bool {
    var afterDigit = false
    for byte in text {
      if byte == UInt8(ascii: "_") {
        guard afterDigit else { return false }
        afterDigit = false
      } else {
        guard let digit = NumberSyntax.digit(byte), digit < radix else { return false }
        afterDigit = true
      }
    }
    return afterDigit
  }
}
