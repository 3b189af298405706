internal import Documents

/// What takes something away, or calls it something else.
extension ActionReader {
  private static let relations: Set = [
    "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE",
  ]
  /// What statements of a release may name besides relations.
  private static let words = [
    "OBJECT_FUNCTION": "function", "OBJECT_PROCEDURE": "procedure", "OBJECT_ROUTINE": "routine",
    "OBJECT_AGGREGATE": "aggregate", "OBJECT_TYPE": "type", "OBJECT_DOMAIN": "domain", "OBJECT_SEQUENCE": "sequence",
    "OBJECT_EXTENSION": "extension", "OBJECT_OPERATOR": "operator", "OBJECT_CAST": "cast",
    "OBJECT_COLLATION": "collation",
  ]

  func drop(_ node: Node) -> [SchemaAction] {
    let kind = node.string("removeType") ?? ""
    let names = node.list("objects").compactMap(name)
    let (cascade, ifPresent) = (node.string("behavior") == "DROP_CASCADE", node.flag("missing_ok"))
    if Self.relations.contains(kind) { return [.drop(names, cascade: cascade, ifPresent: ifPresent)] }
    if kind == "OBJECT_SCHEMA" { return [.dropSchema(names.map(\.name), ifPresent: ifPresent)] }
    if kind == "OBJECT_INDEX" {
      return [.dropIndex(names, concurrently: node.flag("concurrent"), ifPresent: ifPresent)]
    }
    guard let what = Self.words[kind] else { return [] }
    return [.dropObjects(what: what, names: names, cascade: cascade, ifPresent: ifPresent)]
  }

  /// A name in one of the ways in which `DropStmt` has them.
  private func name(_ object: Node) -> RelationName? {
    if let list = object["List"] { return RelationName(list.names("items"), in: schema) }
    if let type = object["TypeName"] { return RelationName(type.names("names"), in: schema) }
    if let function = object["ObjectWithArgs"] { return RelationName(function.names("objname"), in: schema) }
    return object.name.flatMap { RelationName([$0], in: schema) }
  }

  func rename(_ node: Node) -> [SchemaAction] {
    guard let new = node.string("newname") else { return [] }
    let kind = node.string("renameType") ?? ""
    let relation = relation(node["relation"])
    switch kind {
    case "OBJECT_COLUMN", "OBJECT_ATTRIBUTE":
      guard let relation, let old = node.string("subname") else { return [] }
      return kind == "OBJECT_COLUMN"
        ? [.renameColumn(relation, old, to: new)] : [.renameObject(what: "a field of the type", name: relation)]
    case "OBJECT_SCHEMA": return node.string("subname").map { [.renameSchema($0, to: new)] } ?? []
    case "OBJECT_INDEX": return relation.map { [.renameIndex($0, to: new)] } ?? []
    case _ where Self.relations.contains(kind):
      return relation.map { [.rename($0, to: RelationName(schema: $0.schema, name: new))] } ?? []
    default:
      guard let what = Self.words[kind] else { return [] }
      let name = relation ?? node["object"].flatMap(renamed)
      return name.map { [.renameObject(what: what, name: $0)] } ?? []
    }
  }

  private func renamed(_ object: Node) -> RelationName? { name(object) }

  /// `SET SCHEMA`
  func move(_ node: Node) -> [SchemaAction] {
    guard let new = node.string("newschema") else { return [] }
    let kind = node.string("objectType") ?? ""
    if Self.relations.contains(kind), let relation = relation(node["relation"]) {
      return [.rename(relation, to: RelationName(schema: new, name: relation.name))]
    }
    guard let what = Self.words[kind], let name = relation(node["relation"]) ?? node["object"].flatMap(renamed) else {
      return []
    }
    return [.renameObject(what: what, name: name)]
  }
}
