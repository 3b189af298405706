/// The grammar of TOML's dates and times (RFC 3339), with days that exist.
enum TOMLDates {
  /// A local date, a local time, or both, with or without an offset.
  static func isDateOrTime(_ text: ArraySlice<UInt8>) -> Bool {
    if isTime(text) { return true }
    guard text.count >= 10, isDate(text.prefix(10)) else { return false }
    var rest = text.dropFirst(10)
    guard let separator = rest.popFirst() else { return true }
    guard [UInt8(ascii: "T"), UInt8(ascii: "t"), 0x20].contains(separator) else { return false }
    let offset = rest.firstIndex { "Zz+-".utf8.contains($0) } ?? rest.endIndex
    return isTime(rest[..<offset]) && isOffset(rest[offset...])
  }

  static func isDate(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count == 10, byte(text, 4) == UInt8(ascii: "-"), byte(text, 7) == UInt8(ascii: "-"),
      let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2),
      (1...12).contains(month)
    else { return false }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return year > 0 && (1...days).contains(day)
  }

  private static func isTime(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count >= 8, byte(text, 2) == UInt8(ascii: ":"), byte(text, 5) == UInt8(ascii: ":"),
      let hour = number(text, 0, 2), let minute = number(text, 3, 2), let second = number(text, 6, 2)
    else { return false }
    guard hour < 24, minute < 60, second < 60 else { return false }
    var fraction = text.dropFirst(8)
    guard let point = fraction.popFirst() else { return true }
    return point == UInt8(ascii: ".") && !fraction.isEmpty
      && fraction.allSatisfy { (NumberSyntax.digit($0) ?? 10) < 10 }
  }

  private static func isOffset(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first else { return true }
    if first == UInt8(ascii: "Z") || first == UInt8(ascii: "z") { return text.count == 1 }
    guard text.count == 6, byte(text, 3) == UInt8(ascii: ":"), let hour = number(text, 1, 2),
      let minute = number(text, 4, 2)
    else { return false }
    return hour < 24 && minute < 60
  }

  private static func byte(_ text: ArraySlice<UInt8>, _ place: Int) -> UInt8 { text[text.startIndex + place] }

  private static func number(_ text: ArraySlice<UInt8>, _ place: Int, _ count: Int) -> Int? {
    var value = 0
    for byte in text.dropFirst(place).prefix(count) {
      guard let digit = NumberSyntax.digit(byte), digit < 10 else { return nil }
      value = value * 10 + digit
    }
    return value
  }
}
