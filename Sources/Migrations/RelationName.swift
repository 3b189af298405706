internal import Documents

/// A table's or view's name with its schema; `public` where none is said.
public struct RelationName: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var schema: String
  public var name: String

  public init(schema: String = Self.usual, name: String) {
    self.schema = schema
    self.name = name
  }

  public static let usual = "public"

  public var description: String { schema == Self.usual ? name : "\(schema).\(name)" }
  public static func < (a: Self, b: Self) -> Bool { (a.schema, a.name) < (b.schema, b.name) }

  /// From the parts of a qualified name, the last of which is the relation's own.
  init?(_ parts: [String], in schema: String) {
    guard let name = parts.last else { return nil }
    self.init(schema: parts.count > 1 ? parts[parts.count - 2] : schema, name: name)
  }

  /// From the fields of a `RangeVar`.
  init?(_ node: Node?, in schema: String) {
    guard let node = node?["RangeVar"] ?? node, let name = node.string("relname") else { return nil }
    self.init(schema: node.string("schemaname") ?? schema, name: name)
  }
}
