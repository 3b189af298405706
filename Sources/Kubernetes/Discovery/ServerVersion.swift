import Documents

/// A server's version, such as 1.31.
public struct ServerVersion: Hashable, Sendable, Comparable {
  /// The oldest that is tested.
  public static let oldest = ServerVersion(major: 1, minor: 20)

  public let major: Int
  public let minor: Int

  public init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads the answer of `/version`; builders of servers write `27+`.
  init(_ root: Node) throws(KubernetesError) {
    let digits = ["major", "minor"].map { key in
      (root[key]?.text ?? "").utf8.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
    guard let major = Int(Substring(digits[0])), let minor = Int(Substring(digits[1])) else {
      throw KubernetesError(.malformed, "the server doesn't tell its version")
    }
    self.init(major: major, minor: minor)
  }

  /// Whether unknown fields can be asked to be refused: on by default since 1.25 (KEP-2885).
  var validatesFields: Bool { self >= ServerVersion(major: 1, minor: 25) }

  public static func < (a: ServerVersion, b: ServerVersion) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
}

extension ServerVersion: CustomStringConvertible {
  public var description: String { "\(major).\(minor)" }
}
