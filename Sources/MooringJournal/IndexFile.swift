import FoundationEssentials
import GRDB

/// A database that holds nothing but what can be read from Git again: made where it is missing, and anew where it is damaged.
enum IndexFile {
  /// What keeps an index behind and harms nothing: whoever reads next catches up from Git.
  static let unwritable: [ResultCode] = [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY]

  /// - Parameters:
  ///   - cache: KiB of pages that are kept in memory.
  ///   - keepsDamaged: Whether what is damaged is put aside, and not deleted: see ``aside(_:)``.
  static func open(
    _ path: String, migrations: DatabaseMigrator, cache: Int = 1_024, keepsDamaged: Bool = false
  ) throws -> DatabaseQueue {
    let lock = IndexLock(path: path + ".lock")
    let database = try connectAnew(path, migrations, cache, keepsDamaged, checking: !lock.knowsTheIndex)
    if !lock.knowsTheIndex { lock.remember() }
    return database
  }

  private static func connectAnew(
    _ path: String, _ migrations: DatabaseMigrator, _ cache: Int, _ keepsDamaged: Bool, checking: Bool
  ) throws -> DatabaseQueue {
    do {
      let found = try connect(path, migrations, cache)
      if checking { try check(found) }
      return found
    } catch let error where isDamage(error) {
      if keepsDamaged, !FileManager.default.fileExists(atPath: aside(path)) {
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
          try FileManager.default.moveItem(atPath: path + suffix, toPath: aside(path) + suffix)
        }
      }
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
      return try connect(path, migrations, cache)
    }
  }

  /// Where the first file goes that was found damaged: later ones know no more than it did.
  static func aside(_ path: String) -> String { path + ".damaged" }

  /// Reads every page.
  private static func check(_ database: DatabaseQueue) throws {
    let found = try database.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    guard found == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: found) }
  }

  /// What damage looks like to who opens it: no database, a schema that can't be read, rows that can't be there.
  private static func isDamage(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return error is RowDecodingError }
    return [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR].contains(error.resultCode)
  }

  private static func connect(
    _ path: String, _ migrations: DatabaseMigrator, _ cache: Int
  ) throws -> DatabaseQueue {
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      // Not by `journalMode`, which writes a table and drops it again each time: four syncs for every command that reads.
      try database.execute(
        sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -\(cache)")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    // To look through the migrations takes each command longer than most questions.
    let shape = migrations.migrations.count
    let known = try queue.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA user_version") }
    guard known != shape else { return queue }
    try migrations.migrate(queue)
    do {
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = \(shape)") }
    } catch let error as DatabaseError where unwritable.contains(error.resultCode) {}
    return queue
  }
}
