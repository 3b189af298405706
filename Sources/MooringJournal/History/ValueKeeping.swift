import FoundationEssentials
import GRDB
import Git
import MooringModel

/// Writes what was read of a subject into the tables, in a transaction.
struct ValueKeeping {
  let subject: Int64
  let line: HistoryIndex.Progress
  let database: Database

  func keep(_ reading: HistoryIndex.Reading) throws {
    var names = HistoryNames(line: line.id, isNew: false)
    for commit in reading.writers { _ = try names.revision(commit, database) }
    let commits = try self.commits(at: Set(reading.changes.map(\.position)).union(reading.fields.map(\.position)))
    let writers = try self.commits(
      Set(reading.changes.lazy.flatMap(\.values).compactMap(\.writer)).union(reading.fields.compactMap(\.writer)))
    let changes = reading.changes.compactMap { change in
      commits[change.position].map { CommittedChange(change, by: $0, writers: Self.writers(of: change, writers)) }
    }
    try append(changes)
    guard let last = changes.last?.change else { return }
    let fields = reading.fields.compactMap { field in
      commits[field.position].map { commit in
        PresentSubject.Field(
          document: field.document, field: field.field, value: field.value, isSecret: field.isSecret,
          setter: PresentSubject.Setter(
            position: field.position, commit: commit, writer: field.writer.flatMap { writers[$0] }))
      }
    }
    let present = PresentSubject(
      position: last.position, file: last.file, problem: last.problem, isRemoval: last.isRemoval, fields: fields)
    try database.execute(
      sql: "INSERT OR REPLACE INTO present (subject, bytes) VALUES (?, ?)",
      arguments: [subject, Data(PresentBytes.bytes(of: present))])
  }

  private static func writers(
    of change: HistoricChange, _ known: [Revision: HistoricCommit]
  ) -> [HistoricCommit] {
    var writers: [HistoricCommit] = []
    for revision in change.values.lazy.compactMap(\.writer) where !writers.contains(where: { $0.revision == revision })
    {
      if let writer = known[revision] { writers.append(writer) }
    }
    return writers
  }

  /// Adds changes to the last run as far as it has room, and then in others.
  private func append(_ changes: [CommittedChange]) throws {
    let last = try Row.fetchOne(
      database, sql: "SELECT number, changes FROM run WHERE subject = ? ORDER BY number DESC LIMIT 1",
      arguments: [subject])
    var number: Int = last?[0] ?? 0
    let room = ChangeRun.most - (last?[1] ?? 0)
    let first = room > 0 ? try HistoryIndex.run(number, of: subject, database) : []
    if room <= 0 { number += 1 }
    var rest = (first + changes)[...]
    let insert = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO run (subject, number, changes, bytes) VALUES (?, ?, ?, ?)")
    while !rest.isEmpty {
      let run = rest.prefix(ChangeRun.most)
      try insert.execute(arguments: [subject, number, run.count, Data(ChangeRun.bytes(of: run))])
      rest = rest.dropFirst(run.count)
      number += 1
    }
  }

  /// What is known of the commits at some positions.
  private func commits(at positions: Set<Int>) throws -> [Int: HistoricCommit] {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT m.position, \(HistoryIndex.commitColumns) FROM json_each(?) p
        CROSS JOIN moment m ON m.line = ? AND m.position = p.value
        JOIN revision r ON r.id = m.revision \(HistoryIndex.commitJoin)
        """, arguments: ["[\(positions.map(String.init).joined(separator: ","))]", line.id])
    var commits: [Int: HistoricCommit] = [:]
    while let row = try rows.next() { commits[row[0]] = HistoryIndex.commit(row, from: 1) }
    return commits
  }

  private func commits(_ revisions: Set<Revision>) throws -> [Revision: HistoricCommit] {
    let statement = try database.cachedStatement(
      sql: "SELECT \(HistoryIndex.commitColumns) FROM revision r \(HistoryIndex.commitJoin) WHERE r.hash = ?")
    var commits: [Revision: HistoricCommit] = [:]
    for revision in revisions {
      commits[revision] = try Row.fetchOne(statement, arguments: [Data(revision.bytes)]).flatMap {
        HistoryIndex.commit($0, from: 0)
      }
    }
    return commits
  }
}
