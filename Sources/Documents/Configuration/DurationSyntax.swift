/// Durations as people write them: `30s`, `5m`, `1h30m`, `250ms`, `7d`.
public enum DurationSyntax {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
  ]

  /// Whole numbers with a unit (`d`, `h`, `m`, `s`, `ms`), each unit at most once and larger ones first; `0` alone is
  /// allowed. nil for everything else, and from about 292 million years.
  public static func duration(_ text: String) -> Duration? {
    if text == "0" { return .zero }
    var rest = Array(text.utf8)[...]
    var total: Int64 = 0
    var previous = Int64.max
    while !rest.isEmpty {
      let digits = rest.prefix { (NumberSyntax.digit($0) ?? 10) < 10 }
      rest = rest.dropFirst(digits.count)
      let letters = rest.prefix { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
      rest = rest.dropFirst(letters.count)
      guard let number = Int64(String(decoding: digits, as: UTF8.self)),
        let unit = units.first(where: { $0.name.utf8.elementsEqual(letters) }), unit.milliseconds < previous
      else { return nil }
      previous = unit.milliseconds
      let (product, overflows) = number.multipliedReportingOverflow(by: unit.milliseconds)
      let (sum, sumOverflows) = total.addingReportingOverflow(product)
      guard !overflows, !sumOverflows else { return nil }
      total = sum
    }
    return text.isEmpty ? nil : .milliseconds(total)
  }
}
