/// Columns that come, go, and change.
extension SchemaReview {
  mutating func alter(_ table: RelationName, _ action: ColumnAction) {
    switch action {
    case .add(let column, let ifAbsent): add(column, to: table, ifAbsent: ifAbsent)
    case .drop(let name, let cascade, let ifPresent): drop(name, of: table, cascade: cascade, ifPresent: ifPresent)
    case .changeType(let name, let type, let isPlain): change(name, of: table, to: type, isPlain: isPlain)
    case .require(let name): change(name, of: table, "refuses nulls from here on") { $0.isRequired = true }
    case .release(let name): schema.change(name, of: table) { $0.isRequired = false }
    case .setDefault(let name): schema.change(name, of: table) { $0.fillsItself = true }
    case .dropDefault(let name): change(name, of: table, "has no default any more") { $0.fillsItself = false }
    case .addConstraint(let constraint): add(constraint, to: table, on: nil)
    case .dropConstraint(let name):
      schema.indexes[RelationName(schema: table.schema, name: name)] = nil
    case .detach(let part):
      if schema.isOld(table) {
        add(.dataDestroyed, "the rows of \(part?.description ?? "a partition") leave \(table)", table)
      }
    }
  }

  private mutating func add(_ column: NewColumn, to table: RelationName, ifAbsent: Bool) {
    if ifAbsent, schema.tables[table]?.column(column.name) != nil { return }
    let made = Schema.Column(column)
    if schema.isOld(table), made.refusesSilence {
      add(
        .valueRequired, "\(table).\(column.name) is NOT NULL without a default: rows that don't mention it are refused",
        table, column.name)
    }
    schema.tables[table]?.columns.append(made)
    for constraint in column.constraints { add(constraint, to: table, on: column.name) }
  }

  private mutating func drop(_ name: String, of table: RelationName, cascade: Bool, ifPresent: Bool) {
    let column = schema.tables[table]?.column(name)
    if ifPresent, column == nil, schema.tables[table]?.isKnown == true { return }
    let dependents = cascade ? schema.views(on: table, column: name) : []
    if schema.isOld(table), column?.isOld ?? true {
      add(.columnDropped, "\(table).\(name) is dropped", table, name)
    }
    schema.tables[table]?.columns.removeAll { $0.name == name }
    schema.indexes = schema.indexes.filter { !($0.value.table == table && $0.value.columns.contains(name)) }
    for view in dependents { drop(view, cascade: true, ifPresent: true) }
  }

  private mutating func change(_ name: String, of table: RelationName, to type: ColumnType?, isPlain: Bool) {
    let column = schema.tables[table]?.column(name)
    defer { schema.change(name, of: table) { $0.type = type } }
    guard schema.isOld(table), column?.isOld ?? true else { return }
    let new = type?.description ?? "another type"
    guard let old = column?.type, let type else {
      return add(
        .typeNarrowed, "\(table).\(name) becomes \(new), and what it was isn't known", table, name)
    }
    if !isPlain {
      add(
        old == type ? .dataDestroyed : .typeNarrowed,
        "\(table).\(name) is made anew by an expression: the old values are gone", table, name)
    } else if !old.fits(in: type) {
      add(
        .typeNarrowed, "\(table).\(name) becomes \(type), which doesn't hold or compare with every \(old)", table, name)
    }
  }

  /// A change after which rows may be refused that were taken before.
  private mutating func change(
    _ name: String, of table: RelationName, _ what: String, _ body: (inout Schema.Column) -> Void
  ) {
    let before = schema.tables[table]?.column(name)
    schema.change(name, of: table, body)
    // A column that is new is one that the release before doesn't mention.
    guard schema.isOld(table) else { return }
    guard let before, let after = schema.tables[table]?.column(name) else {
      // Of a column that isn't known, the default isn't known to matter, and nulls are.
      if what.hasPrefix("refuses") { add(.valueRequired, "\(table).\(name) \(what)", table, name) }
      return
    }
    guard after.refusesSilence, !before.refusesSilence else { return }
    add(.valueRequired, "\(table).\(name) \(what), and rows that don't mention it are refused", table, name)
  }

  // MARK: Constraints

  private mutating func add(_ constraint: NewConstraint, to table: RelationName, on column: String?) {
    let columns = column.map { [$0] } ?? constraint.columns
    switch constraint.kind {
    case .check, .foreignKey:
      guard !constraint.isUnchecked, schema.isOld(table) else { return }
      let kind = constraint.kind == .check ? "CHECK" : "FOREIGN KEY"
      add(.constraintChecked, "\(table) is locked while all its rows are checked against a \(kind)", table)
    case .unique, .exclusion: build(constraint, columns, of: table)
    case .primaryKey:
      let index = constraint.index.flatMap { schema.indexes[RelationName(schema: table.schema, name: $0)] }
      if column == nil {
        for name in index?.columns ?? columns {
          change(name, of: table, "becomes part of the primary key") { $0.isRequired = true }
        }
      }
      build(constraint, columns, of: table)
    }
  }

  private mutating func build(_ constraint: NewConstraint, _ columns: [String], of table: RelationName) {
    if let name = constraint.name {
      let made = constraint.index.flatMap {
        schema.indexes.removeValue(forKey: RelationName(schema: table.schema, name: $0))
      }
      schema.indexes[RelationName(schema: table.schema, name: name)] =
        made ?? Schema.Index(table: table, columns: columns)
    }
    guard constraint.index == nil, schema.isOld(table) else { return }
    add(.indexBlocks, "\(table) takes no reads or writes while the constraint's index is built", table)
  }
}
