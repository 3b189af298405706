/// A leaf's value, typed, with numbers and dates as the text that was written: `1.10` stays `1.10`, and `"8080"` is not
/// `8080`.
///
/// Two scalars are equal when type and text are, byte for byte; so `1` and `0x1` differ, and `true` and `True` (both
/// YAML's true) don't.
public enum Scalar: Sendable {
  case null
  case bool(Bool)
  case integer(String)
  case float(String)
  case string(String)
  /// TOML's dates and times, and YAML's `!!timestamp`.
  case date(String)

  /// The text without quotes; `null`, `true` and `false` for those.
  public var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let text), .float(let text), .string(let text), .date(let text): text
    }
  }

  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The value of an integer, also in hexadecimal, octal (`0o`) or binary; nil beyond 64 bits.
  public var intValue: Int64? {
    if case .integer(let text) = self { NumberSyntax.int64(text) } else { nil }
  }

  /// The value of an integer or a float, also `.inf`, `inf`, `.nan` and `nan`.
  public var doubleValue: Double? {
    switch self {
    case .integer(let text): NumberSyntax.int64(text).map(Double.init) ?? NumberSyntax.double(text)
    case .float(let text): NumberSyntax.double(text)
    default: nil
    }
  }

  /// The kind of value in a person's words.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer: "an integer"
    case .float: "a number"
    case .string: "a string"
    case .date: "a date"
    }
  }
}

extension Scalar: Hashable {
  public static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let first), .bool(let second)): first == second
    case (.integer(let first), .integer(let second)), (.float(let first), .float(let second)),
      (.string(let first), .string(let second)), (.date(let first), .date(let second)):
      first.isExactly(second)
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .integer(let text): Self.hash(2, text, into: &hasher)
    case .float(let text): Self.hash(3, text, into: &hasher)
    case .string(let text): Self.hash(4, text, into: &hasher)
    case .date(let text): Self.hash(5, text, into: &hasher)
    }
  }

  private static func hash(_ type: Int, _ text: String, into hasher: inout Hasher) {
    hasher.combine(type)
    text.hashExactly(into: &hasher)
  }
}
