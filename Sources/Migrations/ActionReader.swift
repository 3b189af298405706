internal import Documents

/// Reads what a statement's tree does to the schema and to rows.
///
/// Source: `parsenodes.h` of PostgreSQL 15, as [libpg_query](https://github.com/pganalyze/libpg_query) writes it.
struct ActionReader {
  /// Where names without a schema belong.
  var schema = RelationName.usual

  func actions(of tree: Node) -> [SchemaAction] {
    guard let (type, node) = tree.typed else { return [.opaque("nothing that the parser has a name for")] }
    switch type {
    case "CreateStmt": return create(node)
    case "CreateForeignTableStmt": return node["base"].map(create) ?? []
    case "ViewStmt": return relation(node["view"]).map { [.createView($0, shape(node["query"], node))] } ?? []
    case "CreateTableAsStmt": return createAs(node) + rows(node)
    case "DropStmt": return drop(node)
    case "AlterTableStmt": return alter(node)
    case "RenameStmt": return rename(node)
    case "AlterObjectSchemaStmt": return move(node)
    case "IndexStmt": return index(node)
    case "ReindexStmt": return reindex(node)
    case "TruncateStmt":
      return node.list("relations").compactMap(relation).map { .deleteRows($0, how: "TRUNCATE") }
    case "SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt": return rows(tree) + intoTable(node)
    case "CreateEnumStmt", "CompositeTypeStmt", "CreateDomainStmt", "CreateRangeStmt": return createType(node)
    case "CreateFunctionStmt": return RelationName(node.names("funcname"), in: schema).map { [.createType($0)] } ?? []
    case "AlterEnumStmt":
      guard node["oldVal"] != nil, let name = RelationName(node.names("typeName"), in: schema) else { return [] }
      return [.renameObject(what: "a value of the type", name: name)]
    case "DoStmt": return block(node)
    case "CallStmt": return [.opaque("what the called procedure does isn't seen here")]
    case "VariableSetStmt": return setting(node)
    case "DropOwnedStmt": return [.opaque("DROP OWNED drops whatever a role owns")]
    default: return []
    }
  }

  func relation(_ node: Node?) -> RelationName? { RelationName(node, in: schema) }

  // MARK: Making

  private func create(_ node: Node) -> [SchemaAction] {
    guard let name = relation(node["relation"]) else { return [] }
    let ifAbsent = node.flag("if_not_exists")
    let isWritten = node.list("tableElts").allSatisfy { $0["TableLikeClause"] == nil } && node["inhRelations"] == nil
    guard isWritten, node["ofTypename"] == nil else { return [.createOpaqueTable(name, ifAbsent: ifAbsent)] }
    var columns = node.list("tableElts").compactMap { $0["ColumnDef"] }.compactMap(column)
    for constraint in node.list("tableElts").compactMap({ $0["Constraint"] }).compactMap(constraint)
    where constraint.kind == .primaryKey {
      for index in columns.indices where constraint.columns.contains(columns[index].name) {
        columns[index].isRequired = true
      }
    }
    return [.createTable(name, columns, ifAbsent: ifAbsent)]
  }

  private func createAs(_ node: Node) -> [SchemaAction] {
    guard let name = relation(node["into"]?["rel"]) else { return [] }
    if node.string("objtype") == "OBJECT_MATVIEW" { return [.createView(name, shape(node["query"], node))] }
    return [.createOpaqueTable(name, ifAbsent: node.flag("if_not_exists"))]
  }

  /// `SELECT … INTO`
  private func intoTable(_ node: Node) -> [SchemaAction] {
    relation(node["intoClause"]?["rel"]).map { [.createOpaqueTable($0, ifAbsent: false)] } ?? []
  }

  private func createType(_ node: Node) -> [SchemaAction] {
    let name = RelationName(node.names("typeName") + node.names("domainname"), in: schema) ?? relation(node["typevar"])
    return name.map { [.createType($0)] } ?? []
  }

  func column(_ node: Node) -> NewColumn? {
    guard let name = node.string("colname") else { return nil }
    let type = ColumnType(node["typeName"])
    var column = NewColumn(name: name, type: type?.behindSerial ?? type)
    (column.isRequired, column.fillsItself) = (type?.behindSerial != nil, type?.behindSerial != nil)
    for constraint in node.list("constraints").compactMap({ $0["Constraint"] }) {
      switch constraint.string("contype") {
      case "CONSTR_NOTNULL": column.isRequired = true
      case "CONSTR_DEFAULT": column.fillsItself = !Self.isNull(constraint["raw_expr"])
      case "CONSTR_IDENTITY", "CONSTR_GENERATED": column.fillsItself = true
      default:
        guard let made = self.constraint(constraint) else { continue }
        if made.kind == .primaryKey { column.isRequired = true }
        column.constraints.append(made)
      }
    }
    if constraintMakesIdentityRequired(node) { column.isRequired = true }
    return column
  }

  private func constraintMakesIdentityRequired(_ node: Node) -> Bool {
    node.list("constraints").contains { $0["Constraint"]?.string("contype") == "CONSTR_IDENTITY" }
  }

  func constraint(_ node: Node) -> NewConstraint? {
    let kinds: [String: NewConstraint.Kind] = [
      "CONSTR_CHECK": .check, "CONSTR_FOREIGN": .foreignKey, "CONSTR_UNIQUE": .unique, "CONSTR_PRIMARY": .primaryKey,
      "CONSTR_EXCLUSION": .exclusion,
    ]
    guard let kind = kinds[node.string("contype") ?? ""] else { return nil }
    return NewConstraint(
      kind: kind, name: node.string("conname"), columns: node.names("keys"),
      isUnchecked: node.flag("skip_validation"), index: node.string("indexname"))
  }

  static func isNull(_ node: Node?) -> Bool {
    if let inner = node?["TypeCast"]?["arg"] { return isNull(inner) }
    return node?["A_Const"]?.flag("isnull") ?? false
  }

  private func index(_ node: Node) -> [SchemaAction] {
    guard let table = relation(node["relation"]) else { return [] }
    return [
      .createIndex(
        NewIndex(
          name: node.string("idxname"), table: table,
          columns: node.list("indexParams").compactMap { $0["IndexElem"]?.string("name") },
          isConcurrent: node.flag("concurrent"), ifAbsent: node.flag("if_not_exists")))
    ]
  }

  private func reindex(_ node: Node) -> [SchemaAction] {
    let isConcurrent = node.list("params").contains { $0["DefElem"]?.string("defname") == "concurrently" }
    switch (node.string("kind"), relation(node["relation"])) {
    case ("REINDEX_OBJECT_INDEX", let name?): return [.reindex(.index(name), concurrently: isConcurrent)]
    case ("REINDEX_OBJECT_TABLE", let name?): return [.reindex(.table(name), concurrently: isConcurrent)]
    default: return [.reindex(.everything, concurrently: isConcurrent)]
    }
  }

  private func setting(_ node: Node) -> [SchemaAction] {
    guard node.string("name") == "search_path" else { return [] }
    let first = node.list("args").first?["A_Const"]?["sval"]?.string("sval")
    return [.usesSchema(first.flatMap { $0.isEmpty ? nil : $0 } ?? RelationName.usual)]
  }
}
