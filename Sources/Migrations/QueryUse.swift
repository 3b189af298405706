internal import Documents

/// What the queries of an application read and write, as far as their text says.
public struct QueryUse: Sendable {
  private var shapes: [ViewShape] = []
  private var insertions: [(RelationName, columns: Set<String>)] = []

  public init() {}

  /// - Returns: `false` where not all of it can be read as SQL.
  @discardableResult
  public mutating func take(_ text: [UInt8]) -> Bool {
    var isWhole = true
    for statement in SQLParser.statements(of: text) {
      switch statement.tree {
      case .success(let tree):
        let reader = ActionReader()
        shapes.append(reader.use(of: tree))
        tree.walk { type, node in
          if type == "InsertStmt", let table = reader.relation(node["relation"]) {
            insertions.append((table, Set(node.list("cols").compactMap { $0["ResTarget"]?.string("name") })))
          }
          return true
        }
      case .failure: isWhole = false
      }
    }
    return isWhole
  }

  /// Whether a statement names the relation, and the column where one is given.
  public func uses(_ relation: RelationName, column: String?) -> Bool {
    shapes.contains { shape in
      shape.relations.contains(relation) && (column.map { shape.columns.contains($0) } ?? true)
    }
  }

  /// Whether a statement inserts rows that don't mention the column.
  public func omits(_ column: String, of relation: RelationName) -> Bool {
    insertions.contains { $0.0 == relation && !$0.columns.contains(column) }
  }

}
