internal import Documents

/// Follows statements through a schema, and collects what each does to a release that ran before them.
public struct SchemaReview: Sendable {
  public internal(set) var schema: Schema
  public internal(set) var hazards: [Hazard] = []
  /// Statements in order, over all texts.
  var statement = 0
  var line = 0
  /// Views of before that were dropped, until they are made again.
  var droppedViews: [RelationName: Schema.Table] = [:]

  /// - Parameter schema: What there was before; every table of it counts as used.
  public init(from schema: Schema = Schema()) {
    self.schema = schema
    self.schema.age()
  }

  /// The schema that migrations add up to, whatever they did on the way.
  public static func schema(after texts: some Sequence<[UInt8]>) -> Schema {
    var review = SchemaReview()
    for text in texts { review.take(text) }
    return review.schema
  }

  /// Reads a text and carries its statements out on the schema.
  public mutating func take(_ text: [UInt8]) {
    schema.path = RelationName.usual
    for parsed in SQLParser.statements(of: text) {
      line = parsed.line
      switch parsed.tree {
      case .failure(let problem): add(.unreadable, "it can't be read as PostgreSQL: \(problem.message)")
      case .success(let tree):
        for action in ActionReader(schema: schema.path).actions(of: tree) { apply(action) }
      }
      statement += 1
    }
  }

  mutating func add(_ kind: Hazard.Kind, _ what: String, _ relation: RelationName? = nil, _ column: String? = nil) {
    let hazard = Hazard(
      kind: kind, line: line, statement: statement, relation: relation, column: column, what: what)
    if !hazards.contains(where: { $0 == hazard }) { hazards.append(hazard) }
  }

  private mutating func apply(_ action: SchemaAction) {
    switch action {
    case .createTable(let name, let columns, let ifAbsent):
      guard !(ifAbsent && schema.tables[name] != nil) else { return }
      schema.tables[name] = Schema.Table(columns: columns.map(Schema.Column.init), isKnown: true, isOld: false)
    case .createOpaqueTable(let name, let ifAbsent):
      guard !(ifAbsent && schema.tables[name] != nil) else { return }
      schema.tables[name] = Schema.Table(columns: [], isKnown: false, isOld: false)
    case .createView(let name, let shape): createView(name, shape)
    case .createType(let name): schema.types.insert(name)
    case .drop(let names, let cascade, let ifPresent):
      for name in names { drop(name, cascade: cascade, ifPresent: ifPresent) }
    case .dropSchema(let names, let ifPresent): for name in names { dropSchema(name, ifPresent: ifPresent) }
    case .dropObjects(let what, let names, let cascade, let ifPresent):
      for name in names { drop(what, name, cascade: cascade, ifPresent: ifPresent) }
    case .alter(let table, let actions, let ifPresent):
      guard !(ifPresent && isSurelyAbsent(table)) else { return }
      for action in actions { alter(table, action) }
    case .rename(let old, let new): rename(old, to: new)
    case .renameSchema(let old, let new):
      for name in schema.tables.keys.sorted() where name.schema == old {
        rename(name, to: RelationName(schema: new, name: name.name))
      }
    case .renameColumn(let table, let old, let new): rename(old, of: table, to: new)
    case .renameObject(let what, let name):
      if schema.isOldType(name) {
        add(.objectRemoved, "\(what) \(name) has another name from here on", name)
      }
    case .createIndex, .dropIndex, .renameIndex, .reindex: index(action)
    case .deleteRows(let table, let how):
      if schema.isOld(table) { add(.dataDestroyed, "\(how) takes rows of \(table) away", table) }
    case .updateRows(let table, let columns, let spared): update(table, columns, spared)
    case .opaque(let why): add(.unreadable, why)
    case .usesSchema(let name): schema.path = name
    }
  }

  // MARK: Rows

  private mutating func update(_ table: RelationName, _ columns: [String], _ spared: Set<String>) {
    guard schema.isOld(table) else { return }
    for column in columns where !spared.contains(column) {
      guard schema.tables[table]?.column(column)?.isOld ?? true else { continue }
      add(.dataDestroyed, "UPDATE writes over \(table).\(column)", table, column)
    }
  }

  // MARK: What is known

  /// Whether, after all statements, something is there by this name: a release finds it, whatever became of what it was.
  public func has(_ relation: RelationName, column: String?) -> Bool {
    guard let table = schema.tables[relation] else { return false }
    return column.map { table.column($0) != nil || !table.isKnown } ?? true
  }

  /// Whether the migrations before tell that there is no such relation.
  func isSurelyAbsent(_ name: RelationName) -> Bool { !schema.isEmpty && schema.tables[name] == nil }
}
