/// Counts of bytes as people write them: `512MiB`, `2GiB`, `64KiB`.
public enum ByteCountSyntax {
  private static let units: [(name: String, shift: Int)] = [("KiB", 10), ("MiB", 20), ("GiB", 30)]

  /// A whole number with one unit; nil for everything else, and from 8 EiB.
  public static func bytes(_ text: String) -> Int? {
    guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
    let digits = text.dropLast(unit.name.count)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (NumberSyntax.digit($0) ?? 10) < 10 }), let number = Int(digits)
    else { return nil }
    let (bytes, overflows) = number.multipliedReportingOverflow(by: 1 << unit.shift)
    return overflows ? nil : bytes
  }
}
