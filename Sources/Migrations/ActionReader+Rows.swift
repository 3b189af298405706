internal import Documents

/// What changes rows, and what reads them.
extension ActionReader {
  /// Every `DELETE`, `UPDATE` and `MERGE` of a statement, also in its `WITH`.
  func rows(_ tree: Node) -> [SchemaAction] {
    var actions: [SchemaAction] = []
    tree.walk { type, node in
      switch type {
      case "DeleteStmt":
        if let table = relation(node["relation"]) { actions.append(.deleteRows(table, how: "DELETE")) }
      case "UpdateStmt":
        if let table = relation(node["relation"]) { actions.append(update(table, node)) }
      case "MergeStmt": actions += merge(node)
      case "onConflictClause", "OnConflictClause": return false
      default: break
      }
      return true
    }
    return actions
  }

  private func update(_ table: RelationName, _ node: Node) -> SchemaAction {
    .updateRows(
      table, columns: node.list("targetList").compactMap { $0["ResTarget"]?.string("name") },
      spared: Self.spared(node["whereClause"]))
  }

  /// Columns of which a condition demands that they are null.
  private static func spared(_ condition: Node?) -> Set<String> {
    guard let condition else { return [] }
    if let test = condition["NullTest"], test.string("nulltesttype") == "IS_NULL" {
      return Set([test["arg"]?.columnReference?.last].compactMap { $0 })
    }
    guard let all = condition["BoolExpr"], all.string("boolop") == "AND_EXPR" else { return [] }
    return all.list("args").reduce(into: []) { $0.formUnion(spared($1)) }
  }

  private func merge(_ node: Node) -> [SchemaAction] {
    guard let table = relation(node["relation"]) else { return [] }
    return node.list("mergeWhenClauses").compactMap { $0["MergeWhenClause"] }.compactMap { clause in
      switch clause.string("commandType") {
      case "CMD_DELETE": .deleteRows(table, how: "MERGE … DELETE")
      case "CMD_UPDATE":
        .updateRows(
          table, columns: clause.list("targetList").compactMap { $0["ResTarget"]?.string("name") }, spared: [])
      default: nil
      }
    }
  }

  // MARK: Queries

  /// - Parameter view: The statement that makes the view, which may name its columns.
  func shape(_ query: Node?, _ view: Node) -> ViewShape {
    guard let query else { return ViewShape() }
    var shape = use(of: query)
    let named = view.names("aliases") + (view["into"]?.names("colNames") ?? [])
    let targets = query["SelectStmt"]?.list("targetList").compactMap { $0["ResTarget"] } ?? []
    let own = targets.map { $0.string("name") ?? $0["val"]?.columnReference?.last ?? "?" }
    shape.output = !named.isEmpty ? named : own.contains("*") || own.contains("?") || own.isEmpty ? nil : own
    return shape
  }

  /// The relations and columns that a statement names.
  func use(of tree: Node) -> ViewShape {
    var shape = ViewShape()
    tree.walk { type, node in
      switch type {
      case "RangeVar", "relation": if let name = relation(node) { shape.relations.insert(name) }
      case "ColumnRef":
        let words = node.list("fields").map { $0.name ?? "*" }
        if words.last == "*" { shape.readsAll = true } else { words.last.map { _ = shape.columns.insert($0) } }
      case "ResTarget": if let name = node.string("name") { shape.columns.insert(name) }
      case "String": if let name = node.string("sval") { shape.columns.insert(name) }
      default: break
      }
      return true
    }
    return shape
  }

  // MARK: Blocks

  /// The statements in a `DO` block: what runs whatever the conditions are.
  func block(_ node: Node) -> [SchemaAction] {
    let body = node.list("args").compactMap { $0["DefElem"] }.first { $0.string("defname") == "as" }
    guard let text = body?["arg"]?["String"]?.string("sval"), !text.utf8.contains(0) else {
      return [.opaque("a DO block without a body")]
    }
    var quote = "$mooring$"
    while text.contains(quote) { quote = "$m" + quote.dropFirst() }
    switch SQLParser.procedure("DO \(quote)\(text)\(quote)") {
    case .failure(let problem): return [.opaque("a DO block that can't be read: \(problem.message)")]
    case .success(let tree): return statements(in: tree)
    }
  }

  private func statements(in tree: Node) -> [SchemaAction] {
    var actions: [SchemaAction] = []
    tree.walk { type, node in
      switch type {
      case "PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors":
        actions.append(.opaque("a DO block executes a text: what it says isn't known before it runs"))
        return false
      case "PLpgSQL_stmt_call":
        actions.append(.opaque("what the called procedure does isn't seen here"))
        return false
      case "PLpgSQL_stmt_execsql":
        guard let text = node["sqlstmt"]?["PLpgSQL_expr"]?.string("query") else { return false }
        for statement in SQLParser.statements(of: Array(text.utf8)) {
          switch statement.tree {
          case .success(let tree): actions += self.actions(of: tree)
          case .failure(let problem): actions.append(.opaque("in a DO block: \(problem.message)"))
          }
        }
        return false
      default: return true
      }
    }
    return actions
  }
}
