/// The key of a label or an annotation: `app.kubernetes.io/name`, or `app` without a prefix.
public struct QualifiedName: Hashable, Sendable {
  public let prefix: String?
  public let name: String

  /// - Throws: what is wrong with the key.
  public init(_ key: String) throws(NameError) {
    let parts = key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    guard parts.count <= 2 else { throw NameError(name: key, problem: "has more than one slash") }
    name = parts[parts.count - 1]
    prefix = parts.count == 2 ? parts[0] : nil
    if let prefix { try NameRule.subdomain.check(prefix) }
    try NameRule.qualified.check(name)
  }
}

extension QualifiedName: CustomStringConvertible {
  public var description: String { prefix.map { "\($0)/\(name)" } ?? name }
}
