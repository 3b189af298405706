import Documents

/// A path inside a release: relative, normalised, and safe to join to a root.
///
/// Holds one or more components separated by `/`. Refused: the empty path, absolute paths, empty components, `.` and
/// `..`, any spelling of `.git`, NUL, a component over 255 bytes, a path over 4,096 bytes (Linux's `NAME_MAX` and
/// `PATH_MAX`).
public struct RelativePath: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let string: String

  public init(_ string: String) throws(Fault) {
    if let problem = Self.problem(with: string) {
      throw Fault(
        .refusedContent, "unsafe path: \(problem)", at: string.debugDescription,
        remedy: "rename it in the repository")
    }
    self.string = string
  }

  public var components: [Substring] { string.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) } }
  public var name: Substring { components.last ?? "" }
  public var description: String { string }

  /// By bytes, as Git sorts names.
  public static func < (a: Self, b: Self) -> Bool { a.string.precedesExactly(b.string) }

  /// By bytes, as Linux compares names: `é` of one code point and of two are two names.
  public static func == (a: Self, b: Self) -> Bool { a.string.isExactly(b.string) }

  public func hash(into hasher: inout Hasher) { string.hashExactly(into: &hasher) }

  /// Whether this path is `other` or lies below it.
  public func isInside(_ other: RelativePath) -> Bool {
    self == other || string.utf8.starts(with: (other.string + "/").utf8)
  }

  static func problem(with string: String) -> String? {
    let bytes = Array(string.utf8)
    if bytes.isEmpty { return "it is empty" }
    if bytes.count > 4096 { return "it is longer than 4096 bytes" }
    if bytes.contains(0) { return "it contains NUL" }
    if bytes[0] == UInt8(ascii: "/") { return "it is absolute" }
    for component in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if component.isEmpty { return "it has an empty component" }
      if component.count > 255 { return "a component is longer than 255 bytes" }
      let lower = String(decoding: component, as: UTF8.self).lowercased()
      if lower == "." || lower == ".." { return "it has a component \"\(lower)\"" }
      if lower == ".git" { return "it names .git" }
    }
    return nil
  }
}

extension RelativePath: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(String(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try string.encode(to: encoder)
  }
}
