import FoundationEssentials
import GRDB
import Git
import MooringModel

/// Which files hold which resources as a line is walked, and what of that changes from commit to commit.
///
/// A resource is where its name stands first, by path and then by place in the file: so one that moved to another file goes
/// on, and of two with one name the first counts. A file that can't be read still holds what it held, unreadably.
struct HistoryHoldings {
  /// A resource in a file.
  private struct Holding: Hashable {
    var place: Int
    /// The file's content, and the identity of the object's own bytes in it.
    var blob: ObjectID
    var digest: ObjectID
    var isUnreadable: Bool

    /// The identity of what it is changed by: of a file that can't be read, all of it.
    var identity: ObjectID { isUnreadable ? blob : digest }

    /// Whether that says nothing new of the resource, though other parts of the file may have changed.
    func isAsBefore(_ before: Self?) -> Bool { before?.identity == identity && before?.isUnreadable == isUnreadable }
  }

  /// Where a resource is: what is written when it changes.
  private struct Standing: Hashable {
    var path: Int64
    var digest: ObjectID?
    var isUnreadable: Bool
  }

  private let line: Int64
  private let isNew: Bool
  private var holdings: [Int64: [Int64: Holding]] = [:]
  private var paths: [Int64: Set<Int64>] = [:]
  private var rawPaths: [Int64: [UInt8]] = [:]
  private var standings: [Int64: Standing?] = [:]
  /// What isn't in the table yet, by path.
  private var unwritten: [Int64: Set<Int64>] = [:]
  private var affected: [Int64] = []
  private var isAffected: Set<Int64> = []

  init(line: Int64, isNew: Bool) {
    self.line = line
    self.isNew = isNew
  }

  /// A file has another content now, or none.
  mutating func put(
    _ content: FileContents.Content?, of blob: ObjectID?, at path: Int64, _ rawPath: [UInt8],
    _ names: inout HistoryNames, _ database: Database
  ) throws {
    rawPaths[path] = rawPath
    let old = try held(by: path, database)
    var new: [Int64: Holding] = [:]
    if let content, let blob {
      switch content {
      case .objects(let objects):
        for (number, object) in objects.enumerated() {
          let resource = try names.resource(object.name, database)
          new[resource] = Holding(place: number, blob: blob, digest: object.digest, isUnreadable: false)
        }
      case .unreadable:
        new = old.mapValues { Holding(place: $0.place, blob: blob, digest: $0.digest, isUnreadable: true) }
      }
    }
    guard old != new else { return }
    holdings[path] = new
    for (resource, holding) in new where old[resource] != holding {
      unwritten[path, default: []].insert(resource)
      if old[resource] == nil {
        _ = try paths(of: resource, database)
        paths[resource]?.insert(path)
      }
      // In a file of many objects all but a few are as they were.
      if !holding.isAsBefore(old[resource]) { touch(resource) }
    }
    for resource in old.keys where new[resource] == nil {
      unwritten[path, default: []].insert(resource)
      _ = try paths(of: resource, database)
      paths[resource]?.remove(path)
      touch(resource)
    }
  }

  /// Writes which files hold which resources after the changes so far: once, however often a file changed.
  mutating func write(_ database: Database) throws {
    let insert = try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO holding (path, resource, place, blob, digest, unreadable) VALUES (?, ?, ?, ?, ?, ?)
        """)
    let delete = try database.cachedStatement(sql: "DELETE FROM holding WHERE path = ? AND resource = ?")
    for (path, resources) in unwritten {
      for resource in resources {
        if let holding = holdings[path]?[resource] {
          try insert.execute(arguments: [
            path, resource, holding.place, holding.blob.data, holding.digest.data, holding.isUnreadable,
          ])
        } else {
          try delete.execute(arguments: [path, resource])
        }
      }
    }
    unwritten = [:]
  }

  private mutating func touch(_ resource: Int64) {
    if isAffected.insert(resource).inserted { affected.append(resource) }
  }

  /// Writes what the changes since the last call made of resources.
  mutating func settle(at position: Int, _ database: Database) throws {
    let insert = try database.cachedStatement(
      sql: "INSERT INTO object (resource, position, path, blob, unreadable, digest) VALUES (?, ?, ?, ?, ?, ?)")
    for resource in affected {
      let before = try standing(of: resource, database)
      let found = try first(resource, database)
      let now = Standing(
        path: found?.path ?? before?.path ?? 0,
        digest: found?.holding.identity,
        isUnreadable: found?.holding.isUnreadable ?? false)
      guard now != before, found != nil || before?.digest != nil else { continue }
      standings[resource] = now
      try insert.execute(arguments: [
        resource, position, now.path, found?.holding.blob.data, now.isUnreadable, now.digest?.data,
      ])
    }
    affected = []
    isAffected = []
  }

  /// Where a resource's name stands first.
  private mutating func first(
    _ resource: Int64, _ database: Database
  ) throws -> (path: Int64, holding: Holding)? {
    var best: (path: Int64, raw: [UInt8], holding: Holding)?
    for path in try paths(of: resource, database) {
      guard let holding = try held(by: path, database)[resource] else { continue }
      let raw = try rawPath(path, database)
      if let known = best, known.raw.lexicographicallyPrecedes(raw) { continue }
      best = (path, raw, holding)
    }
    return best.map { ($0.path, $0.holding) }
  }

  // MARK: What the tables know

  private mutating func held(by path: Int64, _ database: Database) throws -> [Int64: Holding] {
    if let known = holdings[path] { return known }
    var found: [Int64: Holding] = [:]
    if !isNew {
      let rows = try Row.fetchCursor(
        database.cachedStatement(
          sql: "SELECT resource, place, blob, digest, unreadable FROM holding WHERE path = ?"), arguments: [path])
      while let row = try rows.next() {
        guard let blob = HistoryIndex.objectID(row[2]), let digest = HistoryIndex.objectID(row[3]) else { continue }
        found[row[0]] = Holding(place: row[1], blob: blob, digest: digest, isUnreadable: row[4])
      }
    }
    holdings[path] = found
    return found
  }

  private mutating func paths(of resource: Int64, _ database: Database) throws -> Set<Int64> {
    if let known = paths[resource] { return known }
    var found: Set<Int64> = []
    if !isNew {
      found = Set(
        try Int64.fetchAll(
          database.cachedStatement(sql: "SELECT path FROM holding WHERE resource = ?"), arguments: [resource]))
    }
    paths[resource] = found
    return found
  }

  private mutating func rawPath(_ path: Int64, _ database: Database) throws -> [UInt8] {
    if let known = rawPaths[path] { return known }
    let found = try Data.fetchOne(
      database.cachedStatement(sql: "SELECT path FROM path WHERE id = ?"), arguments: [path])
    let raw = found.map { Array($0) } ?? []
    rawPaths[path] = raw
    return raw
  }

  private mutating func standing(of resource: Int64, _ database: Database) throws -> Standing? {
    if let known = standings[resource] { return known }
    var found: Standing?
    if !isNew {
      found = try Row.fetchOne(
        database.cachedStatement(
          sql: "SELECT path, digest, unreadable FROM object WHERE resource = ? ORDER BY position DESC LIMIT 1"),
        arguments: [resource]
      ).map { Standing(path: $0[0], digest: HistoryIndex.objectID($0[1]), isUnreadable: $0[2]) }
    }
    standings[resource] = .some(found)
    return found
  }
}
