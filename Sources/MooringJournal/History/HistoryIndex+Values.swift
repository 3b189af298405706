import GRDB
public import Git
public import MooringModel

/// The values of fields: read from files when somebody first asks for a file or a resource, and kept.
extension HistoryIndex {
  /// Up to which position the values of a subject are kept; 0 where others were, by other rules about secrets.
  public func valuesKept(of subject: Subject, in line: Progress, rules: String) throws -> Int {
    try database.read { database in
      try Int.fetchOne(
        database, sql: "SELECT upTo FROM subject WHERE line = ? AND name = ? AND rules = ?",
        arguments: [line.id, subject.name, rules])
    } ?? 0
  }

  /// Keeps the values that came of the versions after `known` and up to `end`, with the commits that wrote them on branches.
  ///
  /// Where somebody else has kept them meanwhile, theirs stay: they are the same.
  public func keep(
    _ changes: [HistoricChange], writtenBy writers: [Commit], of subject: Subject, in line: Progress, rules: String,
    after known: Int, upTo end: Int
  ) throws {
    do {
      try database.write { database in
        var names = HistoryNames(line: line.id, isNew: false)
        for commit in writers { _ = try names.revision(commit, database) }
        let id = try self.id(of: subject, line, rules, known, database)
        guard let id else { return }
        try database.execute(sql: "UPDATE subject SET upTo = ? WHERE id = ?", arguments: [end, id])
        let insert = try database.cachedStatement(
          sql: "INSERT OR REPLACE INTO value (subject, position, change) VALUES (?, ?, ?)")
        for change in changes { try insert.execute(arguments: [id, change.position, HistoricChangeText.text(change)]) }
      }
    } catch let error as DatabaseError where IndexFile.unwritable.contains(error.resultCode) {}
  }

  /// The key of a subject's values; `nil` where they are kept up to another position than the caller thought.
  private func id(
    of subject: Subject, _ line: Progress, _ rules: String, _ known: Int, _ database: Database
  ) throws -> Int64? {
    let row = try Row.fetchOne(
      database, sql: "SELECT id, rules, upTo FROM subject WHERE line = ? AND name = ?",
      arguments: [line.id, subject.name])
    if let row, row[1] == rules { return row[2] == known ? row[0] : nil }
    if let row {
      let id: Int64 = row[0]
      try database.execute(sql: "DELETE FROM value WHERE subject = ?", arguments: [id])
      try database.execute(sql: "DELETE FROM subject WHERE id = ?", arguments: [id])
    }
    guard known == 0 else { return nil }
    try database.execute(
      sql: "INSERT INTO subject (line, name, rules, upTo) VALUES (?, ?, ?, 0)",
      arguments: [line.id, subject.name, rules])
    return database.lastInsertedRowID
  }

  /// Forgets the values of a subject.
  public func forgetValues(of subject: Subject, in line: Progress) throws {
    try database.write { database in
      let id = "SELECT id FROM subject WHERE line = ? AND name = ?"
      let arguments: StatementArguments = [line.id, subject.name]
      try database.execute(sql: "DELETE FROM value WHERE subject IN (\(id))", arguments: arguments)
      try database.execute(sql: "DELETE FROM subject WHERE line = ? AND name = ?", arguments: arguments)
    }
  }

  /// The kept changes of a subject, oldest first, each with its commit.
  public func changes(
    of subject: Subject, in line: Progress
  ) throws -> [(change: HistoricChange, commit: HistoricCommit)] {
    try database.read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT v.position, v.change, \(Self.commitColumns)
          FROM subject s JOIN value v ON v.subject = s.id
          JOIN moment m ON m.line = s.line AND m.position = v.position
          JOIN revision r ON r.id = m.revision \(Self.commitJoin)
          WHERE s.line = ? AND s.name = ? ORDER BY v.position
          """, arguments: [line.id, subject.name])
      var found: [(change: HistoricChange, commit: HistoricCommit)] = []
      while let row = try rows.next() {
        guard let commit = Self.commit(row, from: 2) else { continue }
        found.append((HistoricChangeText.change(row[1], at: row[0]), commit))
      }
      return found
    }
  }
}

/// A change as one text: records parted by U+001E, their parts by U+001F. Neither stands in a path or a value as history
/// writes it.
enum HistoricChangeText {
  static func text(_ change: HistoricChange) -> String {
    let head = [change.file, change.movedFrom ?? "", change.problem ?? "", change.isRemoval ? "1" : ""]
    let values = change.values.map { value in
      let kind = value.kind == .added ? "+" : value.kind == .removed ? "-" : value.isSecret ? "" : "~"
      return [
        value.document ?? "", value.field, (value.isSecret ? "s" : "") + kind, value.old ?? "", value.new ?? "",
        value.writer?.hex ?? "",
      ]
    }
    return ([head] + values).map { $0.map(plain).joined(separator: "\u{1F}") }.joined(separator: "\u{1E}")
  }

  private static func plain(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x1E || $0 == 0x1F }) else { return text }
    return text.replacing("\u{1E}", with: "\u{FFFD}").replacing("\u{1F}", with: "\u{FFFD}")
  }

  static func change(_ text: String, at position: Int) -> HistoricChange {
    let records = text.utf8.split(separator: 0x1E, omittingEmptySubsequences: false)
    let head = parts(records[0])
    var change = HistoricChange(position: position, file: head[0])
    if head.count == 4 {
      change.movedFrom = head[1].isEmpty ? nil : head[1]
      change.problem = head[2].isEmpty ? nil : head[2]
      change.isRemoval = !head[3].isEmpty
    }
    change.values = records.dropFirst().compactMap { value(parts($0)) }
    return change
  }

  private static func value(_ parts: [String]) -> HistoricValue? {
    guard parts.count == 6 else { return nil }
    let kind: HistoricValue.Kind = parts[2].hasSuffix("+") ? .added : parts[2].hasSuffix("-") ? .removed : .changed
    let isSecret = parts[2].hasPrefix("s")
    return HistoricValue(
      document: parts[0].isEmpty ? nil : parts[0], field: parts[1],
      old: isSecret || kind == .added ? nil : parts[3], new: isSecret || kind == .removed ? nil : parts[4], kind: kind,
      isSecret: isSecret, writer: parts[5].isEmpty ? nil : Revision(hex: parts[5]))
  }

  private static func parts(_ record: Substring.UTF8View) -> [String] {
    record.split(separator: 0x1F, omittingEmptySubsequences: false).map { String(Substring($0)) }
  }
}
