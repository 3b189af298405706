internal import Documents

/// `ALTER TABLE` and what it does to columns.
extension ActionReader {
  func alter(_ node: Node) -> [SchemaAction] {
    guard let table = relation(node["relation"]) else { return [] }
    let kind = node.string("objtype") ?? ""
    guard kind == "OBJECT_TABLE" || kind == "OBJECT_FOREIGN_TABLE" else {
      return kind == "OBJECT_TYPE" ? composite(node, table) : []
    }
    let actions = node.list("cmds").compactMap { $0["AlterTableCmd"] }.compactMap(action)
    return [.alter(table, actions, ifPresent: node.flag("missing_ok"))]
  }

  /// `ALTER TYPE … DROP ATTRIBUTE`
  private func composite(_ node: Node, _ type: RelationName) -> [SchemaAction] {
    let changes: Set = ["AT_DropColumn", "AT_AlterColumnType"]
    let isChanged = node.list("cmds").contains { changes.contains($0["AlterTableCmd"]?.string("subtype") ?? "") }
    return isChanged ? [.renameObject(what: "a field of the type", name: type)] : []
  }

  private func action(_ command: Node) -> ColumnAction? {
    let name = command.string("name") ?? ""
    switch command.string("subtype") {
    case "AT_AddColumn":
      return command["def"]?["ColumnDef"].flatMap(column).map { .add($0, ifAbsent: command.flag("missing_ok")) }
    case "AT_DropColumn":
      return .drop(
        name, cascade: command.string("behavior") == "DROP_CASCADE", ifPresent: command.flag("missing_ok"))
    case "AT_AlterColumnType":
      let definition = command["def"]?["ColumnDef"]
      return .changeType(
        name, ColumnType(definition?["typeName"]), isPlain: Self.isCast(of: name, definition?["raw_default"]))
    case "AT_SetNotNull": return .require(name)
    case "AT_DropNotNull": return .release(name)
    case "AT_ColumnDefault":
      guard let value = command["def"], !Self.isNull(value) else { return .dropDefault(name) }
      return .setDefault(name)
    case "AT_AddIdentity": return .setDefault(name)
    case "AT_DropIdentity", "AT_DropExpression": return .dropDefault(name)
    case "AT_AddConstraint": return command["def"]?["Constraint"].flatMap(constraint).map { .addConstraint($0) }
    case "AT_DropConstraint": return .dropConstraint(name)
    case "AT_DetachPartition": return .detach(relation(command["def"]?["PartitionCmd"]?["name"]))
    default: return nil
    }
  }

  /// No `USING`, the column itself, or a cast of it.
  private static func isCast(of column: String, _ expression: Node?) -> Bool {
    guard let expression else { return true }
    if let inner = expression["TypeCast"]?["arg"] { return isCast(of: column, inner) }
    return expression.columnReference?.last == column
  }
}
