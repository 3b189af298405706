/// The number of a release in its environment: `v1` is the first, and none is used twice.
public struct ReleaseNumber: Hashable, Sendable, Comparable, CustomStringConvertible, Codable {
  public let value: Int

  public init(_ value: Int) { self.value = value }

  /// Reads `v41` or `41`.
  public init?(parsing text: some StringProtocol) {
    let digits = text.hasPrefix("v") ? text.dropFirst() : text[...]
    guard let value = Int(digits), value > 0, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    self.value = value
  }

  public var description: String { "v\(value)" }
  public var next: ReleaseNumber { ReleaseNumber(value + 1) }
  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }

  public init(from decoder: any Decoder) throws { try value = Int(from: decoder) }
  public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
