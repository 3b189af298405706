/// Relations that come, go, and are called something else.
extension SchemaReview {
  mutating func createView(_ name: RelationName, _ shape: ViewShape) {
    let lost = droppedViews.removeValue(forKey: name)
    schema.tables[name] = Schema.Table(
      columns: (shape.output ?? []).map {
        Schema.Column(name: $0, type: nil, isRequired: false, fillsItself: true, isOld: lost != nil)
      }, isKnown: shape.output != nil, isOld: lost != nil, view: shape)
    guard let lost else { return }
    // It is there again: what matters is what it no longer shows.
    hazards.removeAll { $0.kind == .tableDropped && $0.relation == name }
    guard let now = shape.output, lost.isKnown else { return }
    for column in lost.columns where !now.contains(column.name) {
      add(.columnDropped, "the view \(name) no longer shows \(column.name)", name, column.name)
    }
  }

  mutating func drop(_ name: RelationName, cascade: Bool, ifPresent: Bool) {
    if ifPresent && isSurelyAbsent(name) { return }
    let table = schema.tables[name]
    let dependents = cascade ? schema.views(on: name) : []
    if schema.isOld(name) {
      add(.tableDropped, "\(table?.view == nil ? "the table" : "the view") \(name) is dropped", name)
    }
    if let table, table.view != nil, table.isOld { droppedViews[name] = table }
    schema.remove(name)
    for view in dependents { drop(view, cascade: true, ifPresent: true) }
  }

  mutating func dropSchema(_ name: String, ifPresent: Bool) {
    let tables = schema.tables.keys.filter { $0.schema == name }.sorted()
    if tables.isEmpty, !ifPresent || schema.isEmpty { add(.objectRemoved, "the schema \(name) is dropped") }
    for table in tables { drop(table, cascade: true, ifPresent: true) }
  }

  mutating func drop(_ what: String, _ name: RelationName, cascade: Bool, ifPresent: Bool) {
    let isKept = ["sequence", "extension", "operator", "cast", "collation"].contains(what)
    if ifPresent, !isKept, !schema.isEmpty, !schema.types.contains(name) { return }
    if schema.isOldType(name) { add(.objectRemoved, "the \(what) \(name) is dropped", name) }
    schema.types.remove(name)
    guard cascade, what == "type" || what == "domain" else { return }
    for table in schema.tables.keys.sorted() {
      for column in schema.tables[table]?.columns ?? [] where column.type?.isNamed(name) == true {
        alter(table, .drop(column.name, cascade: true, ifPresent: false))
      }
    }
  }

  mutating func rename(_ old: RelationName, to new: RelationName) {
    if schema.isOld(old) { add(.tableRenamed, "\(old) is called \(new) from here on", old) }
    if let table = schema.tables.removeValue(forKey: old) { schema.tables[new] = table }
    for (name, index) in schema.indexes where index.table == old { schema.indexes[name]?.table = new }
    for name in schema.tables.keys where schema.tables[name]?.view?.relations.contains(old) == true {
      schema.tables[name]?.view?.relations.remove(old)
      schema.tables[name]?.view?.relations.insert(new)
    }
  }

  mutating func rename(_ old: String, of table: RelationName, to new: String) {
    if schema.isOld(table), schema.tables[table]?.column(old)?.isOld ?? true {
      add(.columnRenamed, "\(table).\(old) is called \(new) from here on", table, old)
    }
    schema.change(old, of: table) { $0.name = new }
    for view in schema.views(on: table, column: old) { schema.tables[view]?.view?.columns.insert(new) }
  }

  // MARK: Indexes

  mutating func index(_ action: SchemaAction) {
    switch action {
    case .createIndex(let new):
      let name = RelationName(schema: new.table.schema, name: new.name ?? "")
      if new.ifAbsent, new.name != nil, schema.indexes[name] != nil { return }
      if new.name != nil { schema.indexes[name] = Schema.Index(table: new.table, columns: new.columns) }
      if !new.isConcurrent, schema.isOld(new.table) {
        add(.indexBlocks, "\(new.table) takes no writes while the index is built", new.table)
      }
    case .dropIndex(let names, let concurrently, let ifPresent):
      for name in names {
        let index = schema.indexes.removeValue(forKey: name)
        if ifPresent, index == nil, !schema.isEmpty { continue }
        guard !concurrently, index.map({ schema.isOld($0.table) }) ?? true else { continue }
        add(.indexBlocks, "dropping \(name) waits for every reader of its table, and lets none pass", index?.table)
      }
    case .renameIndex(let old, let new):
      if let index = schema.indexes.removeValue(forKey: old) {
        schema.indexes[RelationName(schema: old.schema, name: new)] = index
      }
    case .reindex(let target, let concurrently): reindex(target, concurrently)
    default: break
    }
  }

  private mutating func reindex(_ target: ReindexTarget, _ concurrently: Bool) {
    guard !concurrently else { return }
    switch target {
    case .table(let table):
      if schema.isOld(table) { add(.indexBlocks, "\(table) takes no writes while its indexes are built anew", table) }
    case .index(let name):
      let table = schema.indexes[name]?.table
      guard table.map({ schema.isOld($0) }) ?? true else { return }
      add(.indexBlocks, "the table of \(name) takes no writes while it is built anew", table)
    case .everything: add(.indexBlocks, "tables take no writes while their indexes are built anew")
    }
  }
}

extension ColumnType {
  fileprivate func isNamed(_ type: RelationName) -> Bool { name == type.name || name == "\(type.schema).\(type.name)" }
}
