import FoundationEssentials
import GRDB
public import MooringModel

/// A release as lists show it.
public struct ReleaseSummary: Sendable, Hashable {
  public var number: ReleaseNumber
  public var revision: Revision
  public var committed: Timestamp
  public var author: String
  public var summary: String
  /// `nil` while it hasn't been rendered.
  public var digest: ReleaseDigest?
  public var refusal: String?
  public var signature: ReleaseSignature?

  public init(
    number: ReleaseNumber, revision: Revision, committed: Timestamp, author: String, summary: String,
    digest: ReleaseDigest? = nil, refusal: String? = nil, signature: ReleaseSignature? = nil
  ) {
    self.number = number
    self.revision = revision
    self.committed = committed
    self.author = author
    self.summary = summary
    self.digest = digest
    self.refusal = refusal
    self.signature = signature
  }
}

/// All releases of all environments by number: those of the journal, and those that were counted from history.
public struct ReleaseIndex: Sendable {
  let index: JournalIndex

  /// Newest first.
  public func releases(of environment: EnvironmentName, limit: Int? = nil) throws -> [ReleaseSummary] {
    try fetch("WHERE environment = ? ORDER BY number DESC LIMIT ?", [environment.string, limit ?? -1])
  }

  public func release(_ number: ReleaseNumber, of environment: EnvironmentName) throws -> ReleaseSummary? {
    try fetch("WHERE environment = ? AND number = ?", [environment.string, number.value]).first
  }

  /// The release that a revision made, or the newest where a changed definition made several.
  public func release(at revision: Revision, of environment: EnvironmentName) throws -> ReleaseSummary? {
    try fetch("WHERE environment = ? AND revision = ? ORDER BY number DESC", [environment.string, revision.hex]).first
  }

  public func count(of environment: EnvironmentName) throws -> Int {
    try index.database.read { database in
      try Int.fetchOne(
        database, sql: "SELECT COUNT(*) FROM release WHERE environment = ?", arguments: [environment.string]) ?? 0
    }
  }

  /// Keeps releases that were counted from history; those that the journal knows stay as they are.
  public func catalogue(_ releases: [ReleaseSummary], of environment: EnvironmentName) throws {
    try index.database.write { database in
      let statement = try database.makeStatement(
        sql: """
          INSERT OR IGNORE INTO release (environment, number, revision, committed, author, summary)
          VALUES (?, ?, ?, ?, ?, ?)
          """)
      for release in releases {
        try statement.execute(arguments: [
          environment.string, release.number.value, release.revision.hex, release.committed.milliseconds,
          release.author, release.summary,
        ])
      }
    }
  }

  static func insert(_ release: Release, of environment: EnvironmentName, into database: Database) throws {
    try database.execute(
      sql: """
        INSERT OR REPLACE INTO release
          (environment, number, revision, committed, author, summary, digest, refusal, signature)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        environment.string, release.number.value, release.revision.hex, release.committed.milliseconds,
        release.author, release.summary, release.digest?.hex, release.refusal,
        try release.signature.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) },
      ])
  }

  private func fetch(_ condition: String, _ arguments: StatementArguments) throws -> [ReleaseSummary] {
    try index.database.read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT number, revision, committed, author, summary, digest, refusal, signature FROM release "
          + condition,
        arguments: arguments
      ).compactMap { try Self.summary($0) }
    }
  }

  private static func summary(_ row: Row) throws -> ReleaseSummary? {
    guard let revision = Revision(hex: row["revision"] as String) else { return nil }
    return ReleaseSummary(
      number: ReleaseNumber(row["number"]), revision: revision,
      committed: Timestamp(milliseconds: row["committed"]), author: row["author"], summary: row["summary"],
      digest: (row["digest"] as String?).flatMap { ReleaseDigest(hex: $0) }, refusal: row["refusal"],
      signature: try (row["signature"] as String?).map {
        try JSONDecoder().decode(ReleaseSignature.self, from: Data($0.utf8))
      })
  }
}

extension ReleaseIndex {
  /// What a revision became, as history shows it: the newest, where it became several.
  public struct Mark: Sendable, Hashable {
    public var number: ReleaseNumber
    public var signature: ReleaseSignature?

    public init(number: ReleaseNumber, signature: ReleaseSignature? = nil) {
      self.number = number
      self.signature = signature
    }
  }

  /// The releases after a number, by their revisions.
  public func marks(of environment: EnvironmentName, after number: Int) throws -> [Revision: Mark] {
    try index.database.read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: "SELECT number, revision, signature FROM release WHERE environment = ? AND number > ? ORDER BY number",
        arguments: [environment.string, number])
      var marks: [Revision: Mark] = [:]
      while let row = try rows.next() {
        guard let revision = Revision(hex: row[1] as String) else { continue }
        let signature = try (row[2] as String?).map {
          try JSONDecoder().decode(ReleaseSignature.self, from: Data($0.utf8))
        }
        marks[revision] = Mark(number: ReleaseNumber(row[0]), signature: signature)
      }
      return marks
    }
  }
}
