import FoundationEssentials
import GRDB
public import Git
public import MooringModel

/// The values of fields: read from files when somebody first asks for a file or a resource, and kept.
///
/// Of each there are its changes, in runs, and what it is after the last of them.
extension HistoryIndex {
  /// What was kept isn't what was written: it is to be forgotten, and read from Git again.
  public struct Damaged: Error {}

  /// Up to which position the values of a subject are kept; 0 where others were, by other rules about secrets.
  public func valuesKept(of subject: Subject, in line: Progress, rules: String) throws -> Int {
    try database.read { database in
      try Int.fetchOne(
        database.cachedStatement(sql: "SELECT upTo FROM subject WHERE line = ? AND name = ? AND rules = ?"),
        arguments: [line.id, subject.name, rules])
    } ?? 0
  }

  /// Forgets the values of a subject.
  public func forgetValues(of subject: Subject, in line: Progress) throws {
    try database.write { database in
      let id = try Int64.fetchOne(
        database, sql: "SELECT id FROM subject WHERE line = ? AND name = ?", arguments: [line.id, subject.name])
      if let id { try Self.forget(subject: id, database) }
    }
  }

  static func forget(subject id: Int64, _ database: Database) throws {
    for statement in [
      "DELETE FROM run WHERE subject = ?", "DELETE FROM present WHERE subject = ?", "DELETE FROM subject WHERE id = ?",
    ] {
      try database.execute(sql: statement, arguments: [id])
    }
  }

  // MARK: Reading

  /// The kept changes of a subject, oldest first.
  ///
  /// - Parameter field: Then only those that concern it, with the values that do, and those that can't be read.
  /// - Throws: `Damaged`.
  public func changes(
    of subject: Subject, in line: Progress, concerning field: String? = nil
  ) throws -> [CommittedChange] {
    try database.read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT r.bytes, (SELECT SUM(changes) FROM run WHERE subject = s.id)
          FROM subject s JOIN run r ON r.subject = s.id WHERE s.line = ? AND s.name = ? ORDER BY r.number
          """, arguments: [line.id, subject.name])
      var changes: [CommittedChange] = []
      while let row = try rows.next() {
        if changes.isEmpty, field == nil { changes.reserveCapacity(min((row[1] as Int?) ?? 0, 100_000)) }
        try Self.bytes(of: row) { bytes throws(CompactReader.Damaged) in
          try ChangeRun.read(bytes, concerning: field, into: &changes)
        }
      }
      return changes
    }
  }

  /// What a subject is after the last of its kept changes; `nil` where there are none.
  ///
  /// - Throws: `Damaged`.
  public func present(of subject: Subject, in line: Progress) throws -> PresentSubject? {
    try database.read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: "SELECT p.bytes FROM subject s JOIN present p ON p.subject = s.id WHERE s.line = ? AND s.name = ?",
        arguments: [line.id, subject.name])
      guard let row = try rows.next() else { return nil }
      // A row is there as long as its cursor.
      return try withExtendedLifetime(rows) { try Self.bytes(of: row, PresentBytes.read) }
    }
  }

  /// The changes of one run.
  ///
  /// - Throws: `Damaged`.
  static func run(_ number: Int, of subject: Int64, _ database: Database) throws -> [CommittedChange] {
    let rows = try Row.fetchCursor(
      database, sql: "SELECT bytes FROM run WHERE subject = ? AND number = ?", arguments: [subject, number])
    var changes: [CommittedChange] = []
    while let row = try rows.next() {
      try bytes(of: row) { bytes throws(CompactReader.Damaged) in
        try ChangeRun.read(bytes, concerning: nil, into: &changes)
      }
    }
    return changes
  }

  /// The first column, without a copy.
  private static func bytes<Value>(
    of row: Row, _ read: (UnsafeRawBufferPointer) throws(CompactReader.Damaged) -> Value
  ) throws -> Value {
    do {
      return try row.withUnsafeData(atIndex: 0) { data in
        guard let data else { throw CompactReader.Damaged() }
        return try data.withUnsafeBytes { try read($0) }
      }
    } catch let error where error is CompactReader.Damaged || error is RowDecodingError {
      throw Damaged()
    }
  }

  // MARK: Keeping

  /// What came of reading the versions of a subject.
  public struct Reading: Sendable {
    /// Oldest first, at least one.
    public var changes: [HistoricChange]
    /// The commits that wrote values on merged branches.
    public var writers: [Commit]
    /// The fields of the last version that can be read, in the order of the file.
    public var fields: [Field]

    public init(changes: [HistoricChange], writers: [Commit], fields: [Field]) {
      self.changes = changes
      self.writers = writers
      self.fields = fields
    }

    /// A field, and which change gave it its value.
    public struct Field: Sendable {
      public var document: String?
      public var field: String
      public var value: String?
      public var isSecret: Bool
      public var position: Int
      public var writer: Revision?

      public init(
        document: String?, field: String, value: String?, isSecret: Bool, position: Int, writer: Revision?
      ) {
        self.document = document
        self.field = field
        self.value = value
        self.isSecret = isSecret
        self.position = position
        self.writer = writer
      }
    }
  }

  /// Keeps what came of the versions after `known` and up to `end`; `nil` where there were none.
  ///
  /// Where somebody else has kept them meanwhile, theirs stay: they are the same.
  public func keep(
    _ reading: Reading?, of subject: Subject, in line: Progress, rules: String, after known: Int, upTo end: Int
  ) throws {
    do {
      try database.write { database in
        guard let id = try Self.id(of: subject, line, rules, known, database) else { return }
        try database.execute(sql: "UPDATE subject SET upTo = ? WHERE id = ?", arguments: [end, id])
        if let reading { try ValueKeeping(subject: id, line: line, database: database).keep(reading) }
      }
    } catch let error as DatabaseError where IndexFile.unwritable.contains(error.resultCode) {}
  }

  /// The key of a subject's values; `nil` where they are kept up to another position than the caller thought.
  private static func id(
    of subject: Subject, _ line: Progress, _ rules: String, _ known: Int, _ database: Database
  ) throws -> Int64? {
    let row = try Row.fetchOne(
      database, sql: "SELECT id, rules, upTo FROM subject WHERE line = ? AND name = ?",
      arguments: [line.id, subject.name])
    if let row, row[1] == rules { return row[2] == known ? row[0] : nil }
    if let row { try forget(subject: row[0], database) }
    guard known == 0 else { return nil }
    try database.execute(
      sql: "INSERT INTO subject (line, name, rules, upTo) VALUES (?, ?, ?, 0)",
      arguments: [line.id, subject.name, rules])
    return database.lastInsertedRowID
  }
}
