/// The tables of a database as the migrations up to some moment have made them.
///
/// Migrations may not tell all: a table that was there before the first of them is unknown, and what is done to it is
/// judged as though it were there.
public struct Schema: Sendable, Hashable {
  struct Column: Hashable, Sendable {
    var name: String
    var type: ColumnType?
    var isRequired: Bool
    var fillsItself: Bool
    /// It was there before the change that is reviewed.
    var isOld: Bool

    /// Whether a row that doesn't mention it is refused.
    var refusesSilence: Bool { isRequired && !fillsItself }
  }

  struct Table: Hashable, Sendable {
    var columns: [Column]
    /// All its columns are known.
    var isKnown: Bool
    var isOld: Bool
    var view: ViewShape?

    func column(_ name: String) -> Column? { columns.first { $0.name == name } }
  }

  struct Index: Hashable, Sendable {
    var table: RelationName
    var columns: [String]
  }

  var tables: [RelationName: Table] = [:]
  var indexes: [RelationName: Index] = [:]
  /// Types and functions that a migration made; of these, which were there before the change that is reviewed.
  var types: Set<RelationName> = []
  var oldTypes: Set<RelationName> = []
  /// Where names without a schema belong.
  var path = RelationName.usual

  public init() {}

  public var isEmpty: Bool { tables.isEmpty && types.isEmpty }

  /// Everything that there is now was there before what comes.
  mutating func age() {
    for name in tables.keys {
      tables[name]?.isOld = true
      for index in tables[name]?.columns.indices ?? 0..<0 { tables[name]?.columns[index].isOld = true }
    }
    oldTypes = types
    path = RelationName.usual
  }

  /// Whether a type was there before the change; one that isn't known was.
  func isOldType(_ name: RelationName) -> Bool { !types.contains(name) || oldTypes.contains(name) }

  /// Whether a table was there before the change; one that isn't known was.
  func isOld(_ name: RelationName) -> Bool { tables[name]?.isOld ?? true }

  mutating func change(_ column: String, of table: RelationName, _ body: (inout Column) -> Void) {
    guard let index = tables[table]?.columns.firstIndex(where: { $0.name == column }) else { return }
    tables[table]?.columns[index].apply(body)
  }

  /// Views that stop being possible without a relation, or without one column of it.
  func views(on relation: RelationName, column: String? = nil) -> [RelationName] {
    tables.filter { name, table in
      guard name != relation, let view = table.view, view.relations.contains(relation) else { return false }
      return column.map { view.columns.contains($0) || view.readsAll } ?? true
    }.keys.sorted()
  }

  mutating func remove(_ relation: RelationName) {
    tables[relation] = nil
    indexes = indexes.filter { $0.value.table != relation }
  }
}

extension Schema.Column {
  fileprivate mutating func apply(_ body: (inout Self) -> Void) { body(&self) }

  init(_ new: NewColumn) {
    self.init(
      name: new.name, type: new.type, isRequired: new.isRequired, fillsItself: new.fillsItself, isOld: false)
  }
}
