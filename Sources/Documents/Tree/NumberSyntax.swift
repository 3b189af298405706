/// The values of numbers as YAML, JSON and TOML write them.
enum NumberSyntax {
  /// The value of a hexadecimal digit.
  static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  static func int64(_ text: String) -> Int64? {
    var digits = Substring(text.utf8.contains(UInt8(ascii: "_")) ? text.filter { $0 != "_" } : text)
    let isNegative = digits.hasPrefix("-")
    if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)].first { digits.hasPrefix($0.0) }?.1
    if radix != nil { digits = digits.dropFirst(2) }
    guard let first = digits.utf8.first, digit(first) != nil else { return nil }
    return Int64((isNegative ? "-" : "") + digits, radix: radix ?? 10)
  }

  static func double(_ text: String) -> Double? {
    var digits = text.filter { $0 != "_" }.lowercased()
    let isNegative = digits.hasPrefix("-")
    if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
    if digits == ".inf" || digits == "inf" { return isNegative ? -.infinity : .infinity }
    if digits == ".nan" || digits == "nan" { return .nan }
    guard let first = digits.utf8.first, first == UInt8(ascii: ".") || (digit(first) ?? 10) < 10 else { return nil }
    if digits.hasPrefix("0x") { return nil }
    if digits.hasSuffix(".") { digits.removeLast() }
    return Double(digits.replacingPoint()).map { isNegative ? -$0 : $0 }
  }
}

extension String {
  /// `1.e5` and `.5` as `Double.init` reads them.
  fileprivate func replacingPoint() -> String {
    var result: [UInt8] = utf8.first == UInt8(ascii: ".") ? [UInt8(ascii: "0")] : []
    for byte in utf8 {
      if byte == UInt8(ascii: "e") && result.last == UInt8(ascii: ".") { result.append(UInt8(ascii: "0")) }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
