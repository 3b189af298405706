internal import Documents

/// How libpg_query writes PostgreSQL's parse nodes as JSON: a node is a mapping with its type as the only key, and what
/// is zero, false or empty is left out.
extension Node {
  /// The type of a node, and its fields.
  var typed: (type: String, fields: Node)? {
    guard kind == .mapping, let first = entries.first else { return nil }
    return (first.key, first.value)
  }

  var integer: Int? { scalar?.intValue.flatMap { Int(exactly: $0) } }

  func string(_ key: String) -> String? { self[key]?.scalar?.stringValue }
  func flag(_ key: String) -> Bool { self[key]?.scalar?.boolValue ?? false }
  func list(_ key: String) -> [Node] { self[key]?.elements ?? [] }

  /// The text of a `String` node.
  var name: String? { self["String"]?.string("sval") }

  /// The parts of a qualified name: a list of `String` nodes.
  func names(_ key: String) -> [String] { list(key).compactMap(\.name) }

  /// The words in which a column is referred to: `t.a` is `[t, a]`, and a star is `*`.
  var columnReference: [String]? {
    guard let reference = self["ColumnRef"] else { return nil }
    return reference.list("fields").map { $0.name ?? "*" }
  }

  /// Shows `body` every node below and including this one, with its type; it says whether to go deeper.
  func walk(_ body: (String, Node) -> Bool) {
    for entry in entries {
      if entry.value.kind == .mapping {
        if body(entry.key, entry.value) { entry.value.walk(body) }
      } else {
        for element in entry.value.elements { element.walk(body) }
      }
    }
    for element in elements { element.walk(body) }
  }
}
