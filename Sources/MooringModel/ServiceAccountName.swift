/// An account of a cluster that programs have: `NAMESPACE/NAME`.
public struct ServiceAccountName: Hashable, Sendable, CustomStringConvertible {
  public var namespace: String
  public var name: String

  /// - Throws: `usage` for anything that can't be one: letters, digits, `-` and `.`, at most 63 and 253 of them.
  public init(_ text: String) throws(Fault) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, Self.isName(parts[0], atMost: 63), Self.isName(parts[1], atMost: 253) else {
      throw Fault(
        .usage, "not a service account: \(text.prefix(80).debugDescription)", remedy: "say NAMESPACE/NAME")
    }
    (namespace, name) = (parts[0], parts[1])
  }

  private static func isName(_ text: String, atMost limit: Int) -> Bool {
    let isEnd = { (byte: UInt8) in (97...122).contains(byte) || (48...57).contains(byte) }
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, bytes.count <= limit else { return false }
    return isEnd(first) && isEnd(last) && bytes.allSatisfy { isEnd($0) || $0 == 45 || $0 == 46 }
  }

  public var description: String { "\(namespace)/\(name)" }
}
