/// An identifier of an event, a deployment or a rollback: 26 characters that sort by time.
///
/// 48 bits of milliseconds and 80 random bits in Crockford's base 32, as in the
/// [ULID specification](https://github.com/ulid/spec).
public struct Identifier: Hashable, Sendable, Comparable, CustomStringConvertible, Codable {
  public let string: String

  public init(at time: Timestamp, random: (UInt64, UInt16) = (.random(in: .min ... .max), .random(in: .min ... .max))) {
    var low = UInt128(random.0) << 16 | UInt128(random.1)
    low |= UInt128(UInt64(clamping: time.milliseconds) & 0xFFFF_FFFF_FFFF) << 80
    let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    let text = (0..<26).map { digits[Int(truncatingIfNeeded: low >> (5 * UInt128(25 - $0)) & 31)] }
    string = String(decoding: text, as: UTF8.self)
  }

  /// An identifier that was written before; up to 64 letters, digits and dashes.
  public init?(_ string: String) {
    let plain = string.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
    }
    guard plain, (1...64).contains(string.utf8.count) else { return nil }
    self.string = string
  }

  /// When it was made: the first ten characters, in milliseconds since 1970; 0 where it has another form.
  public var milliseconds: Int64 {
    let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    guard string.utf8.count == 26 else { return 0 }
    return string.prefix(10).reduce(0) { $0 << 5 | Int64(digits.firstIndex(of: $1) ?? 0) }
  }

  /// The last six characters, for people.
  public var short: String { String(string.suffix(6)).lowercased() }
  public var description: String { string }
  public static func < (a: Self, b: Self) -> Bool { a.string < b.string }

  public init(from decoder: any Decoder) throws {
    let text = try String(from: decoder)
    guard let identifier = Identifier(text) else {
      throw Fault(.journal, "not an identifier: \(text.prefix(70).debugDescription)")
    }
    self = identifier
  }

  public func encode(to encoder: any Encoder) throws { try string.encode(to: encoder) }
}
