/// What one statement does, as far as it can matter to a release that ran before it.
enum SchemaAction: Hashable {
  case createTable(RelationName, [NewColumn], ifAbsent: Bool)
  /// A table whose columns aren't written out: of a query, like another table, or a part of one.
  case createOpaqueTable(RelationName, ifAbsent: Bool)
  case createView(RelationName, ViewShape)
  case drop([RelationName], cascade: Bool, ifPresent: Bool)
  case dropSchema([String], ifPresent: Bool)
  case alter(RelationName, [ColumnAction], ifPresent: Bool)
  case rename(RelationName, to: RelationName)
  case renameSchema(String, to: String)
  case renameColumn(RelationName, String, to: String)
  case createIndex(NewIndex)
  case dropIndex([RelationName], concurrently: Bool, ifPresent: Bool)
  case renameIndex(RelationName, to: String)
  case reindex(ReindexTarget, concurrently: Bool)
  /// Types, functions, sequences: `what` is the word for it.
  case dropObjects(what: String, names: [RelationName], cascade: Bool, ifPresent: Bool)
  case renameObject(what: String, name: RelationName)
  case createType(RelationName)
  case deleteRows(RelationName, how: String)
  /// - Parameter spared: Columns that only rows without a value get one in.
  case updateRows(RelationName, columns: [String], spared: Set<String>)
  /// A statement whose doing can't be seen.
  case opaque(String)
  /// Names without a schema are looked up there from here on.
  case usesSchema(String)
}

enum ReindexTarget: Hashable {
  case table(RelationName)
  case index(RelationName)
  case everything
}

struct NewColumn: Hashable {
  var name: String
  var type: ColumnType?
  var isRequired = false
  /// A default, an identity or a generation: a row that doesn't mention the column gets a value.
  var fillsItself = false
  var constraints: [NewConstraint] = []
}

struct NewConstraint: Hashable {
  enum Kind: Hashable { case check, foreignKey, unique, primaryKey, exclusion }
  var kind: Kind
  var name: String?
  var columns: [String] = []
  /// `NOT VALID`
  var isUnchecked = false
  /// `USING INDEX`
  var index: String?
}

struct NewIndex: Hashable {
  var name: String?
  var table: RelationName
  var columns: [String]
  var isConcurrent: Bool
  var ifAbsent: Bool
}

/// What a view shows and reads, as far as its query says.
struct ViewShape: Hashable {
  var relations: Set<RelationName> = []
  var columns: Set<String> = []
  /// The names of its own columns; `nil` where a star stands among them.
  var output: [String]?
  var readsAll = false
}

enum ColumnAction: Hashable {
  case add(NewColumn, ifAbsent: Bool)
  case drop(String, cascade: Bool, ifPresent: Bool)
  /// - Parameter isPlain: Values are cast, and not made of something else.
  case changeType(String, ColumnType?, isPlain: Bool)
  case require(String)
  case release(String)
  case setDefault(String)
  case dropDefault(String)
  case addConstraint(NewConstraint)
  case dropConstraint(String)
  case detach(RelationName?)
}
