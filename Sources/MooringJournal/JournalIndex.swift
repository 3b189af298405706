import FoundationEssentials
import GRDB
import Git
import MooringModel

/// What can be asked quickly because SQLite holds it too. Deleting the file loses nothing.
struct JournalIndex: Sendable {
  let database: DatabaseQueue
  let path: String

  /// Opens the index, or makes it, also in place of one that is damaged: that is put aside, for it was a mark of journals.
  init(path: String) throws {
    self.path = path
    database = try IndexFile.open(path, migrations: Self.migrations, keepsDamaged: true)
  }

  private static var migrations: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 journals, events and releases") { database in
      try database.execute(
        sql: """
          CREATE TABLE journal (environment TEXT PRIMARY KEY, head TEXT NOT NULL, state TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE event (
            environment TEXT NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, time INTEGER NOT NULL,
            kind TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (environment, position)) WITHOUT ROWID;
          CREATE TABLE release (
            environment TEXT NOT NULL, number INTEGER NOT NULL, revision TEXT NOT NULL, committed INTEGER NOT NULL,
            author TEXT NOT NULL, summary TEXT NOT NULL, digest TEXT, refusal TEXT,
            PRIMARY KEY (environment, number)) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2 signatures of releases") { database in
      try database.execute(sql: "ALTER TABLE release ADD COLUMN signature TEXT")
    }
    migrator.registerMigration("3 events by kind and time") { database in
      // Beside the events' own table, which is as large as their JSON: filters and cursors read this alone.
      try database.execute(sql: "CREATE INDEX event_facts ON event (environment, position, kind, time, id)")
    }
    migrator.registerMigration("4 releases by revision") { database in
      try database.execute(sql: "CREATE INDEX release_of_revision ON release (environment, revision, number)")
    }
    migrator.registerMigration("5 witnesses") { database in
      try database.execute(
        sql: """
          CREATE TABLE witness (
            environment TEXT NOT NULL, head TEXT NOT NULL, events INTEGER NOT NULL, last INTEGER NOT NULL,
            PRIMARY KEY (environment, head)) WITHOUT ROWID;
          """)
    }
    return migrator
  }

  func head(of environment: EnvironmentName) throws -> JournalHead {
    let row = try database.read { database in
      try GRDB.Row.fetchOne(
        database, sql: "SELECT head, state FROM journal WHERE environment = ?", arguments: [environment.string])
    }
    guard let row, let head = ObjectID(hex: row["head"] as String) else { return JournalHead() }
    do {
      let state = try JSONDecoder().decode(EnvironmentState.self, from: Data((row["state"] as String).utf8))
      return JournalHead(commit: head, state: state)
    } catch is DecodingError {
      // An older version of the program wrote the state in another shape: replay.
      try forget(environment, keepingWitness: false)
      return JournalHead()
    }
  }

  /// What an append, or a look at what others appended, adds to the index.
  struct Entry: Sendable {
    var environment: EnvironmentName
    /// The head that the index must have, so that nothing is left out in between.
    var old: ObjectID?
    var head: JournalHead
    var events: [Event]
  }

  /// An entry as the tables hold it.
  private struct Row {
    var entry: Entry
    var commit: ObjectID
    var state: String
    var events: [String]

    init?(_ entry: Entry) throws {
      guard let commit = entry.head.commit else { return nil }
      self.entry = entry
      self.commit = commit
      let encoder = JSONEncoder()
      state = try String(decoding: encoder.encode(entry.head.state), as: UTF8.self)
      events = try entry.events.map { try String(decoding: encoder.encode($0), as: UTF8.self) }
    }
  }

  /// An index that can't be written stays behind, and whoever reads next catches up from Git.
  func record(_ entries: [Entry]) throws {
    do {
      let rows = try entries.compactMap { try Row($0) }
      try database.write { database in
        for row in rows { try insert(row, into: database) }
      }
    } catch let error as DatabaseError where IndexFile.unwritable.contains(error.resultCode) {}
  }

  private func insert(_ row: Row, into database: Database) throws {
    let environment = row.entry.environment.string
    let known = try String.fetchOne(
      database.cachedStatement(sql: "SELECT head FROM journal WHERE environment = ?"), arguments: [environment])
    // Somebody else indexed further in the meantime.
    guard known == row.entry.old?.hex else { return }
    try database.cachedStatement(sql: "INSERT OR REPLACE INTO journal (environment, head, state) VALUES (?, ?, ?)")
      .execute(arguments: [environment, row.commit.hex, row.state])
    let first = row.entry.head.state.eventCount - row.events.count
    for (offset, (event, json)) in zip(row.entry.events, row.events).enumerated() {
      try insert(event, json, at: first + offset, into: database)
    }
  }

  private func insert(_ event: Event, _ json: String, at position: Int, into database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO event (environment, position, id, time, kind, json) VALUES (?, ?, ?, ?, ?, ?)")
    try statement.execute(arguments: [
      event.environment.string, position, event.id.string, event.time.milliseconds, event.payload.kind, json,
    ])
    if case .release(let release) = event.payload {
      try ReleaseIndex.insert(release, of: event.environment, into: database)
    }
  }

  func events(of environment: EnvironmentName, limit: Int?) throws -> [Event] {
    let texts = try database.read { database in
      try String.fetchAll(
        database, sql: "SELECT json FROM event WHERE environment = ? ORDER BY position DESC LIMIT ?",
        arguments: [environment.string, limit ?? -1])
    }
    return try texts.map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
  }

  /// - Parameter keepingWitness: Where Git doesn't have what was known: see ``JournalWitness``.
  func forget(_ environment: EnvironmentName, keepingWitness: Bool) throws {
    try database.write { database in
      if keepingWitness { try JournalWitness.keep([environment], in: database) }
      for table in ["journal", "event", "release"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE environment = ?", arguments: [environment.string])
      }
    }
  }

  func clear() throws {
    try database.write { database in
      let known = try String.fetchAll(database, sql: "SELECT environment FROM journal")
      try JournalWitness.keep(known.map { try EnvironmentName($0) }, in: database)
      for table in ["journal", "event", "release"] { try database.execute(sql: "DELETE FROM \(table)") }
    }
  }
}
