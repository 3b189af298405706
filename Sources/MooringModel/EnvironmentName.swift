/// The name of a place in production: letters, digits, `.`, `_` and `-`, beginning with a letter or digit, at most 63
/// bytes, so that it can be part of a Git reference and of a file name.
public struct EnvironmentName: Hashable, Sendable, Comparable, CustomStringConvertible, Codable {
  public let string: String

  public init(_ string: String) throws(Fault) {
    let bytes = Array(string.utf8)
    let allowed = bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    let first = bytes.first ?? 0
    guard allowed, (1...63).contains(bytes.count), !"._-".utf8.contains(first),
      !string.contains(".."), !string.hasSuffix(".lock"), !string.hasSuffix(".")
    else {
      throw Fault(
        .usage, "not an environment's name: \(string.prefix(80).debugDescription)",
        remedy: "use letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit")
    }
    self.string = string
  }

  public var description: String { string }
  public static func < (a: Self, b: Self) -> Bool { a.string < b.string }

  public init(from decoder: any Decoder) throws { try self.init(String(from: decoder)) }
  public func encode(to encoder: any Encoder) throws { try string.encode(to: encoder) }
}
