import GRDB
public import Git
public import MooringModel

/// A head that a journal had, of which the index knew every event before it was made anew: what it knew is gone, and that
/// the journal had it isn't.
public struct JournalWitness: Sendable, Hashable {
  public var head: ObjectID
  public var events: Int
  /// When the last of them was written.
  public var last: Timestamp

  /// Witnesses of one environment; the oldest stay.
  static let most = 100

  /// Keeps the heads that are known now.
  static func keep(_ environments: [EnvironmentName], in database: Database) throws {
    for environment in environments {
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO witness (environment, head, events, last)
          SELECT j.environment, j.head, COUNT(e.position), COALESCE(MAX(e.time), 0)
          FROM journal j LEFT JOIN event e ON e.environment = j.environment
          WHERE j.environment = ? AND (SELECT COUNT(*) FROM witness w WHERE w.environment = j.environment) < ?
          GROUP BY j.environment, j.head
          """, arguments: [environment.string, most])
    }
  }
}

extension JournalIndex {
  func witnesses(of environment: EnvironmentName) throws -> [JournalWitness] {
    try database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT head, events, last FROM witness WHERE environment = ? ORDER BY last, head",
        arguments: [environment.string]
      ).compactMap { row in
        ObjectID(hex: row[0] as String).map {
          JournalWitness(head: $0, events: row[1], last: Timestamp(milliseconds: row[2]))
        }
      }
    }
  }

  func forget(_ witness: JournalWitness, of environment: EnvironmentName) throws {
    try database.write { database in
      try database.execute(
        sql: "DELETE FROM witness WHERE environment = ? AND head = ?",
        arguments: [environment.string, witness.head.hex])
    }
  }
}

extension Journal {
  /// Heads that the index knew before it was made anew.
  public func witnesses(of environment: EnvironmentName) throws -> [JournalWitness] {
    try index.witnesses(of: environment)
  }

  /// Heads that the index knew before it was made anew, and that the journal in Git doesn't have: it was rewritten, its tail
  /// was cut off, or the repository was lost.
  public func contradictingWitnesses(
    of environment: EnvironmentName, in repository: Repository
  ) throws -> [JournalWitness] {
    let witnesses = try index.witnesses(of: environment)
    guard !witnesses.isEmpty else { return [] }
    guard let head = try repository.reference(Self.reference(of: environment)) else { return witnesses }
    return try witnesses.filter { try !Self.contains($0.head, in: head, of: repository) }
  }

  /// Forgets those that a rebuilt index confirms.
  func forgetConfirmedWitnesses(of environment: EnvironmentName, in repository: Repository) throws {
    guard let head = try repository.reference(Self.reference(of: environment)) else { return }
    for witness in try index.witnesses(of: environment)
    where try Self.contains(witness.head, in: head, of: repository) {
      try index.forget(witness, of: environment)
    }
  }

  static func contains(_ commit: ObjectID, in head: ObjectID, of repository: Repository) throws -> Bool {
    try commit == head || (repository.contains(commit) && repository.isAncestor(commit, of: head))
  }
}
