import Documents

/// The name of one object of a target: of a host the path of a file below the root, of a cluster kind, namespace and
/// name. Written so that every name, whatever bytes it has, is one line of text and stays distinct.
public struct ObjectName: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let string: String

  /// A path as it is on the machine, any bytes but NUL: what is no printable UTF-8, and `\`, is written as `\xNN`.
  public init(path: some Sequence<UInt8>) {
    string = Self.escaped(Array(path))
  }

  public init(_ path: RelativePath) { self.init(path: path.string.utf8) }

  /// A name that was written before.
  public init(written string: String) { self.string = string }

  public var description: String { string }

  /// The path's bytes.
  public var bytes: [UInt8] {
    var result: [UInt8] = []
    var rest = Array(string.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
        let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
      {
        result.append(value)
        rest = rest.dropFirst(3)
      } else {
        result.append(byte)
      }
    }
    return result
  }

  /// The components of the path.
  public var components: [[UInt8]] { bytes.split(separator: UInt8(ascii: "/")).map { Array($0) } }

  /// By bytes, as Git sorts names.
  public static func < (a: Self, b: Self) -> Bool { a.string.precedesExactly(b.string) }

  /// By bytes: `é` of one code point and of two are two names.
  public static func == (a: Self, b: Self) -> Bool { a.string.isExactly(b.string) }

  public func hash(into hasher: inout Hasher) { string.hashExactly(into: &hasher) }

  private static func escaped(_ bytes: [UInt8]) -> String {
    let isPlain = bytes.allSatisfy { $0 >= 32 && $0 < 127 && $0 != UInt8(ascii: "\\") }
    if isPlain { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return bytes.map { $0 >= 32 && $0 < 127 && $0 != UInt8(ascii: "\\") ? String(UnicodeScalar($0)) : hex($0) }
        .joined()
    }
    return text.unicodeScalars.map { scalar in
      scalar == "\\" || !isPrintable(scalar) ? scalar.utf8.map(hex).joined() : String(scalar)
    }.joined()
  }

  /// Nothing that steers a terminal, breaks a line or turns the direction of a text around.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
    default: true
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}

extension Unicode.Scalar {
  fileprivate var utf8: [UInt8] { Array(String(self).utf8) }
}

extension ObjectName: Codable, CodingKeyRepresentable {
  public init(from decoder: any Decoder) throws { try self.init(written: String(from: decoder)) }
  public func encode(to encoder: any Encoder) throws { try string.encode(to: encoder) }

  public var codingKey: any CodingKey { NameKey(stringValue: string) }
  public init?(codingKey: some CodingKey) { self.init(written: codingKey.stringValue) }

  private struct NameKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
