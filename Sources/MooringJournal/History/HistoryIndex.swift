import FoundationEssentials
import GRDB
public import Git
public import MooringModel

/// What changed in an environment's history, by commit, file and resource: derived from Git alone, in a file of its own.
/// Deleting it loses nothing.
///
/// A *line* is what an environment's history is read along: the first-parent commits of its branch that change its inputs,
/// or, where a program renders, the trees that its releases became. Positions count its commits from 1.
public struct HistoryIndex: Sendable {
  let database: DatabaseQueue

  public init(stateDirectory: String) throws {
    database = try IndexFile.open(stateDirectory + "/history.sqlite", migrations: Self.migrations, cache: 8_192)
  }

  static var migrations: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 lines, commits, files and resources") { database in
      try database.execute(
        sql: """
          CREATE TABLE line (
            id INTEGER PRIMARY KEY, environment TEXT NOT NULL, kind TEXT NOT NULL, inputs TEXT NOT NULL,
            reached BLOB, tree BLOB, mark INTEGER NOT NULL, length INTEGER NOT NULL, UNIQUE (environment, kind));
          CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, UNIQUE (name, email));
          CREATE TABLE revision (
            id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, parents INTEGER NOT NULL,
            author INTEGER NOT NULL, authored INTEGER NOT NULL, committer INTEGER NOT NULL, committed INTEGER NOT NULL,
            summary TEXT NOT NULL, trailers TEXT, pull TEXT, signed INTEGER NOT NULL);
          CREATE TABLE moment (
            line INTEGER NOT NULL, position INTEGER NOT NULL, revision INTEGER NOT NULL,
            PRIMARY KEY (line, position)) WITHOUT ROWID;
          CREATE INDEX moment_of_revision ON moment (revision);
          CREATE TABLE path (id INTEGER PRIMARY KEY, line INTEGER NOT NULL, path BLOB NOT NULL, UNIQUE (line, path));
          CREATE TABLE file (
            line INTEGER NOT NULL, position INTEGER NOT NULL, path INTEGER NOT NULL, old BLOB, new BLOB, mode INTEGER,
            PRIMARY KEY (line, position, path)) WITHOUT ROWID;
          CREATE INDEX file_of_path ON file (path, position);
          CREATE TABLE resource (
            id INTEGER PRIMARY KEY, line INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (line, name));
          CREATE TABLE object (
            resource INTEGER NOT NULL, position INTEGER NOT NULL, path INTEGER NOT NULL, blob BLOB,
            unreadable INTEGER NOT NULL, digest BLOB, PRIMARY KEY (resource, position)) WITHOUT ROWID;
          CREATE TABLE holding (
            path INTEGER NOT NULL, resource INTEGER NOT NULL, place INTEGER NOT NULL, blob BLOB NOT NULL,
            digest BLOB NOT NULL, unreadable INTEGER NOT NULL, PRIMARY KEY (path, resource)) WITHOUT ROWID;
          CREATE INDEX holding_of_resource ON holding (resource);
          CREATE TABLE subject (
            id INTEGER PRIMARY KEY, line INTEGER NOT NULL, name TEXT NOT NULL, rules TEXT NOT NULL,
            upTo INTEGER NOT NULL, UNIQUE (line, name));
          CREATE TABLE value (
            subject INTEGER NOT NULL, position INTEGER NOT NULL, change TEXT NOT NULL,
            PRIMARY KEY (subject, position)) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2 verdicts on signatures") { database in
      try database.execute(
        sql: """
          CREATE TABLE verdict (
            revision BLOB NOT NULL, keys BLOB NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (revision, keys))
            WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("3 values in runs") { database in
      try database.execute(
        sql: """
          DROP TABLE value;
          DELETE FROM subject;
          CREATE TABLE run (
            id INTEGER PRIMARY KEY, subject INTEGER NOT NULL, number INTEGER NOT NULL, changes INTEGER NOT NULL,
            bytes BLOB NOT NULL, UNIQUE (subject, number));
          CREATE TABLE present (subject INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
          """)
    }
    return migrator
  }

  /// Forgets everything.
  public func clear() throws {
    try database.write { database in
      let tables = [
        "line", "person", "revision", "moment", "path", "file", "resource", "object", "holding", "subject", "run",
        "present", "verdict",
      ]
      for table in tables { try database.execute(sql: "DELETE FROM \(table)") }
    }
  }

  /// What an environment's history is read along.
  public struct Line: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
      /// The first-parent commits of the branch that change the environment's inputs.
      case inputs
      /// The trees that a program rendered, one for each release that has one.
      case rendered
    }

    public var environment: EnvironmentName
    public var kind: Kind
    /// The input paths; `.` of rendered trees.
    public var paths: [String]

    public init(environment: EnvironmentName, kind: Kind, paths: [String]) {
      self.environment = environment
      self.kind = kind
      self.paths = paths
    }
  }

  /// A commit of a line, with the tree that is compared with the one before.
  public struct Step: Sendable, Hashable {
    public var commit: ObjectID
    public var tree: ObjectID
    /// Counts up along the line, where the commit alone doesn't say where it stands: a release's number.
    public var mark: Int

    public init(commit: ObjectID, tree: ObjectID, mark: Int = 0) {
      self.commit = commit
      self.tree = tree
      self.mark = mark
    }
  }

  /// How far a line is indexed.
  public struct Progress: Sendable, Hashable {
    /// The line's key in the tables.
    public let id: Int64
    public internal(set) var reached: ObjectID?
    var tree: ObjectID?
    public internal(set) var mark: Int
    /// How many commits are on it.
    public internal(set) var length: Int
  }

  /// How far a line is indexed; nothing of it where its inputs were others.
  public func progress(of line: Line) throws -> Progress {
    if let known = try known(line) { return known }
    let inputs = line.paths.joined(separator: "\n")
    return try database.write { database in
      if let known = try Self.progress(of: line, inputs, database) { return known }
      try Self.forget(line, database)
      try database.execute(
        sql: "INSERT INTO line (environment, kind, inputs, mark, length) VALUES (?, ?, ?, 0, 0)",
        arguments: [line.environment.string, line.kind.rawValue, inputs])
      return Progress(id: database.lastInsertedRowID, mark: 0, length: 0)
    }
  }

  /// How far a line is indexed; `nil` where nothing of it is.
  public func known(_ line: Line) throws -> Progress? {
    try database.read { try Self.progress(of: line, line.paths.joined(separator: "\n"), $0) }
  }

  private static func progress(of line: Line, _ inputs: String, _ database: Database) throws -> Progress? {
    let row = try Row.fetchOne(
      database,
      sql: "SELECT id, reached, tree, mark, length FROM line WHERE environment = ? AND kind = ? AND inputs = ?",
      arguments: [line.environment.string, line.kind.rawValue, inputs])
    return row.map {
      Progress(id: $0[0], reached: objectID($0[1]), tree: objectID($0[2]), mark: $0[3], length: $0[4])
    }
  }

  /// Forgets a line, where its branch was rewritten.
  public func forget(_ line: Line) throws {
    try database.write { try Self.forget(line, $0) }
  }

  private static func forget(_ line: Line, _ database: Database) throws {
    let arguments: StatementArguments = [line.environment.string, line.kind.rawValue]
    guard
      let id = try Int64.fetchOne(
        database, sql: "SELECT id FROM line WHERE environment = ? AND kind = ?", arguments: arguments)
    else { return }
    for statement in [
      "DELETE FROM run WHERE subject IN (SELECT id FROM subject WHERE line = ?)",
      "DELETE FROM present WHERE subject IN (SELECT id FROM subject WHERE line = ?)",
      "DELETE FROM subject WHERE line = ?",
      "DELETE FROM holding WHERE path IN (SELECT id FROM path WHERE line = ?)",
      "DELETE FROM object WHERE resource IN (SELECT id FROM resource WHERE line = ?)",
      "DELETE FROM resource WHERE line = ?", "DELETE FROM file WHERE line = ?", "DELETE FROM path WHERE line = ?",
      "DELETE FROM moment WHERE line = ?", "DELETE FROM line WHERE id = ?",
    ] {
      try database.execute(sql: statement, arguments: [id])
    }
  }

  static func objectID(_ bytes: Data?) -> ObjectID? { bytes.flatMap { ObjectID(bytes: $0) } }
}

extension ObjectID {
  /// As the tables hold it.
  var data: Data { Data(bytes) }
}
