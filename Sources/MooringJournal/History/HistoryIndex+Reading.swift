import FoundationEssentials
import GRDB
public import Git
public import MooringModel

extension HistoryIndex {
  /// A file, or a resource, of a line.
  public enum Subject: Sendable, Hashable {
    case file(Int64)
    case resource(Int64)

    /// What its values are kept under.
    var name: String {
      switch self {
      case .file(let id): "file \(id)"
      case .resource(let id): "resource \(id)"
      }
    }
  }

  /// What a commit made of a file or a resource, as bytes.
  public struct Version: Sendable, Hashable {
    public var position: Int
    public var commit: ObjectID
    public var isMerge: Bool
    public var path: Int64
    /// The file's content after the commit; `nil` where it, or the resource, is gone.
    public var blob: ObjectID?
    /// Whether there was none before.
    public var isNew: Bool
    /// Whether it is a file of its own; otherwise a link, or another repository.
    public var mode: TreeEntry.Mode
  }

  // MARK: Names

  public func resource(_ name: ObjectName, of line: Progress) throws -> Int64? {
    try database.read { database in
      try Int64.fetchOne(
        database, sql: "SELECT id FROM resource WHERE line = ? AND name = ?", arguments: [line.id, name.string])
    }
  }

  public func file(_ path: [UInt8], of line: Progress) throws -> Int64? {
    try database.read { database in
      try Int64.fetchOne(
        database, sql: "SELECT id FROM path WHERE line = ? AND path = ?", arguments: [line.id, Data(path)])
    }
  }

  /// Every resource that ever was.
  public func resources(of line: Progress) throws -> [ObjectName] {
    try database.read { database in
      try String.fetchAll(database, sql: "SELECT name FROM resource WHERE line = ?", arguments: [line.id])
    }.map { ObjectName(written: $0) }
  }

  /// Every file that ever was.
  public func files(of line: Progress) throws -> [[UInt8]] {
    try database.read { database in
      try Data.fetchAll(database, sql: "SELECT path FROM path WHERE line = ?", arguments: [line.id])
    }.map { Array($0) }
  }

  public func path(_ id: Int64) throws -> [UInt8] {
    try database.read { database in
      try Data.fetchOne(database.cachedStatement(sql: "SELECT path FROM path WHERE id = ?"), arguments: [id])
    }.map { Array($0) } ?? []
  }

  /// Names of resources that may be meant by a kind and a name, whichever their group and namespace; letters of ASCII count in
  /// either case.
  public func resources(called name: String, ofKind kind: String, in line: Progress) throws -> [Int64] {
    let pattern = Self.escaped(kind) + "%/" + Self.escaped(name)
    return try database.read { database in
      try Int64.fetchAll(
        database, sql: "SELECT id FROM resource WHERE line = ? AND name LIKE ? ESCAPE '\\'",
        arguments: [line.id, pattern])
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
  }

  // MARK: Versions

  /// What commits made of a file or a resource after a position, and up to another, oldest first.
  public func versions(
    of subject: Subject, in line: Progress, after position: Int = 0, before end: Int = .max
  ) throws -> [Version] {
    try versions(
      of: subject, in: line, where: "v.position > ? AND v.position < ? ORDER BY v.position", [position, end])
  }

  /// The last version of a file or a resource at a position or before it.
  public func version(of subject: Subject, in line: Progress, at position: Int) throws -> Version? {
    try versions(
      of: subject, in: line, where: "v.position <= ? ORDER BY v.position DESC LIMIT 1", [position]
    ).first
  }

  private func versions(
    of subject: Subject, in line: Progress, where range: String, _ positions: [Int]
  ) throws -> [Version] {
    let columns = "v.position, r.hash, r.parents"
    let join = "JOIN moment m ON m.line = ? AND m.position = v.position JOIN revision r ON r.id = m.revision"
    return try database.read { database in
      switch subject {
      case .file(let id):
        return try Self.versions(
          "SELECT \(columns), v.path, v.new, v.old IS NULL, v.mode FROM file v \(join) WHERE v.path = ? AND \(range)",
          [line.id, id] + StatementArguments(positions), database)
      case .resource(let id):
        return try Self.versions(
          "SELECT \(columns), v.path, v.blob, 0, 33188 FROM object v \(join) WHERE v.resource = ? AND \(range)",
          [line.id, id] + StatementArguments(positions), database)
      }
    }
  }

  private static func versions(
    _ sql: String, _ arguments: StatementArguments, _ database: Database
  ) throws -> [Version] {
    var versions: [Version] = []
    let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
    while let row = try rows.next() {
      guard let commit = objectID(row[1]) else { continue }
      versions.append(
        Version(
          position: row[0], commit: commit, isMerge: row[2] as Int > 1, path: row[3], blob: objectID(row[4]),
          isNew: row[5], mode: TreeEntry.Mode(rawValue: (row[6] as UInt32?) ?? 0)))
    }
    return versions
  }

  /// The files that a commit took away, with what they held.
  public func removals(at position: Int, in line: Progress) throws -> [(path: Int64, content: ObjectID)] {
    try database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT path, old FROM file WHERE line = ? AND position = ? AND new IS NULL",
        arguments: [line.id, position]
      ).compactMap { row in Self.objectID(row[1]).map { (row[0], $0) } }
    }
  }

  /// The files that a commit changed, in the order of their bytes.
  public func files(changedAt position: Int, in line: Progress) throws -> [[UInt8]] {
    try database.read { database in
      try Data.fetchAll(
        database,
        sql: """
          SELECT p.path FROM file f JOIN path p ON p.id = f.path WHERE f.line = ? AND f.position = ? ORDER BY p.path
          """, arguments: [line.id, position])
    }.map { Array($0) }
  }

  /// The resources that a commit changed, by name.
  public func resources(changedAt position: Int, in line: Progress) throws -> [ObjectName] {
    try database.read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT r.name FROM resource r JOIN object o ON o.resource = r.id AND o.position = ? WHERE r.line = ?
          ORDER BY r.name
          """, arguments: [position, line.id])
    }.map { ObjectName(written: $0) }
  }

  // MARK: Commits

  /// Where a commit stands on a line, the last time where it does more than once.
  public func position(of commit: ObjectID, in line: Progress) throws -> Int? {
    try database.read { database in
      try Int.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT MAX(m.position) FROM revision r JOIN moment m ON m.revision = r.id AND m.line = ? WHERE r.hash = ?
            """), arguments: [line.id, commit.data])
    }
  }

  /// Where the commit of a release stands on a line of rendered trees, by the release's number as its mark; of one of
  /// commits, by its position.
  public func commit(at position: Int, in line: Progress) throws -> ObjectID? {
    try database.read { database in
      try Data.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT r.hash FROM moment m JOIN revision r ON r.id = m.revision WHERE m.line = ? AND m.position = ?
            """), arguments: [line.id, position])
    }.flatMap { Self.objectID($0) }
  }

  static let commitColumns = """
    r.hash, a.name, a.email, r.authored, c.name, c.email, r.committed, r.summary, r.trailers, r.pull, r.parents, r.signed
    """
  static let commitJoin = "JOIN person a ON a.id = r.author JOIN person c ON c.id = r.committer"

  static func commit(_ row: Row, from first: Int) -> HistoricCommit? {
    guard let hash = row[first] as Data?, let revision = Revision(bytes: hash) else { return nil }
    let trailers = (row[first + 8] as String?) ?? ""
    return HistoricCommit(
      revision: revision, author: HistoricCommit.Person(name: row[first + 1], email: row[first + 2]),
      authored: time(row[first + 3]), committer: HistoricCommit.Person(name: row[first + 4], email: row[first + 5]),
      committed: time(row[first + 6]), summary: row[first + 7],
      trailers: trailers.isEmpty ? [] : trailers.split(separator: "\n").map(Self.trailer), pullRequest: row[first + 9],
      isMerge: row[first + 10] as Int > 1, isSigned: row[first + 11])
  }

  private static func trailer(_ line: Substring) -> HistoricCommit.Trailer {
    let colon = line.firstIndex(of: ":") ?? line.endIndex
    return HistoricCommit.Trailer(key: String(line[..<colon]), value: String(line[colon...].dropFirst(2)))
  }

  /// A commit may claim any second of 64 bits; RFC 3339 ends with the year 9999.
  private static func time(_ seconds: Int64) -> Timestamp {
    Timestamp(milliseconds: min(max(seconds, 0), 253_402_300_799) * 1000)
  }
}
