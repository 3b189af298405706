/// An amount of a resource: `1`, `1000m`, `1.5Gi`, `2e3`. Two spellings of one amount are equal.
///
/// Grammar and rounding are those of `k8s.io/apimachinery/pkg/api/resource` (`quantity.go`): amounts are held to a
/// billionth, rounded away from zero, and end at 2⁶³ − 1.
public struct Quantity: Hashable, Sendable, Comparable {
  /// In billionths.
  public let nano: Int128

  /// The longest text that is read, in bytes.
  private static let maximumBytes = 256
  private static let largest = Int128(Int64.max) * 1_000_000_000

  /// `nil` where the text is no quantity.
  public init?(_ text: String) {
    guard text.utf8.count <= Self.maximumBytes, let parts = QuantityText(text) else { return nil }
    let magnitude = min(Self.nano(of: parts), Self.largest)
    nano = parts.isNegative ? -magnitude : magnitude
  }

  public static func < (a: Quantity, b: Quantity) -> Bool { a.nano < b.nano }

  private static func nano(of parts: QuantityText) -> Int128 {
    var digits = parts.digits
    for _ in 0..<parts.suffix.doublings { double(&digits) }
    let shift = parts.suffix.exponent - parts.fractionDigits + 9
    guard shift < 0 else { return folded(digits, zeros: shift) }
    // More decimals than count: one more for what is cut off.
    let kept = digits.dropLast(-shift)
    let isRounded = digits.suffix(-shift).contains { $0 != 0 }
    return folded(Array(kept), zeros: 0) + (isRounded ? 1 : 0)
  }

  /// Decimal digits as a number, at most one more than the largest.
  private static func folded(_ digits: [UInt8], zeros: Int) -> Int128 {
    var value: Int128 = 0
    for digit in digits {
      value = value * 10 + Int128(digit)
      if value > largest { return largest }
    }
    if value == 0 { return 0 }
    for _ in 0..<zeros {
      value *= 10
      if value > largest { return largest }
    }
    return value
  }

  private static func double(_ digits: inout [UInt8]) {
    var carry: UInt8 = 0
    for index in digits.indices.reversed() {
      let value = digits[index] * 2 + carry
      digits[index] = value % 10
      carry = value / 10
    }
    if carry > 0 { digits.insert(carry, at: 0) }
  }
}
