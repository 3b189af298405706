import FoundationEssentials
import GRDB
import Git
import MooringModel

/// The keys of commits, people, paths and resources in a history index, each looked up or made once.
struct HistoryNames {
  let line: Int64
  /// Whether there is nothing of the line in the tables but what was made here.
  let isNew: Bool
  private var paths: [[UInt8]: Int64] = [:]
  private var resources: [ObjectName: Int64] = [:]
  private var people: [HistoricCommit.Person: Int64] = [:]

  init(line: Int64, isNew: Bool) {
    self.line = line
    self.isNew = isNew
  }

  mutating func path(_ path: [UInt8], _ database: Database) throws -> Int64 {
    if let known = paths[path] { return known }
    let key = Data(path)
    var id: Int64?
    if !isNew {
      id = try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT id FROM path WHERE line = ? AND path = ?"), arguments: [line, key])
    }
    if id == nil {
      try database.cachedStatement(sql: "INSERT INTO path (line, path) VALUES (?, ?)").execute(arguments: [line, key])
    }
    let found = id ?? database.lastInsertedRowID
    paths[path] = found
    return found
  }

  mutating func resource(_ name: ObjectName, _ database: Database) throws -> Int64 {
    if let known = resources[name] { return known }
    var id: Int64?
    if !isNew {
      id = try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT id FROM resource WHERE line = ? AND name = ?"),
        arguments: [line, name.string])
    }
    if id == nil {
      try database.cachedStatement(sql: "INSERT INTO resource (line, name) VALUES (?, ?)")
        .execute(arguments: [line, name.string])
    }
    let found = id ?? database.lastInsertedRowID
    resources[name] = found
    return found
  }

  /// Keeps what history shows of a commit.
  mutating func revision(_ commit: Commit, _ database: Database) throws -> Int64 {
    let insert = try database.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO revision
          (hash, parents, author, authored, committer, committed, summary, trailers, pull, signed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    let trailers = Self.trailers(of: commit)
    try insert.execute(arguments: [
      commit.id.data, commit.parents.count, person(commit.author, database), commit.author.seconds,
      person(commit.committer, database), commit.committer.seconds, commit.summary,
      trailers.isEmpty ? nil : trailers.map { "\($0.key): \($0.value)" }.joined(separator: "\n"),
      PullRequestMention.reference(message: commit.message, trailers: trailers), commit.isSigned,
    ])
    if database.changesCount == 1 { return database.lastInsertedRowID }
    return try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT id FROM revision WHERE hash = ?"), arguments: [commit.id.data]) ?? 0
  }

  /// What is kept a line each, `key: value`.
  private static func trailers(of commit: Commit) -> [(key: String, value: String)] {
    guard commit.message.utf8.dropLast().contains(UInt8(ascii: "\n")) else { return [] }
    return commit.trailers.map { (key: $0.key, value: $0.value) }
  }

  private mutating func person(_ signature: Signature, _ database: Database) throws -> Int64 {
    let person = HistoricCommit.Person(name: signature.name, email: signature.email)
    if let known = people[person] { return known }
    try database.cachedStatement(sql: "INSERT OR IGNORE INTO person (name, email) VALUES (?, ?)")
      .execute(arguments: [person.name, person.email])
    let id =
      try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT id FROM person WHERE name = ? AND email = ?"),
        arguments: [person.name, person.email]) ?? 0
    people[person] = id
    return id
  }
}
