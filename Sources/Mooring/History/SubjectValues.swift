import Dispatch
import Git
import MooringJournal
import MooringModel
import Synchronization

/// Reads the values of one file or resource along a line, once each, and keeps them in the index.
struct SubjectValues: Sendable {
  let repository: Repository
  let index: HistoryIndex
  let line: HistoryIndex.Progress
  let kind: HistoryIndex.Line.Kind
  let rules: SecretRules
  let subject: HistoryIndex.Subject
  /// The resource's name; `nil` of a file.
  let resource: ObjectName?

  /// Reads what came since the values were kept last.
  func catchUp() throws {
    let fingerprint = rules.fingerprint
    var known = try index.valuesKept(of: subject, in: line, rules: fingerprint)
    guard known < line.length else { return }
    var isAsBefore = false
    if known > 0 {
      let news = try index.versions(of: subject, in: line, after: known)
      isAsBefore = news.isEmpty
      if news.contains(where: \.isNew) {
        // A file that came again may have another past.
        try index.forgetValues(of: subject, in: line)
        known = 0
      }
    }
    let reading = isAsBefore ? nil : try read(links(), after: known)
    try index.keep(reading, of: subject, in: line, rules: fingerprint, after: known, upTo: line.length)
  }

  private func links() throws -> [VersionReading.Link] {
    guard case .file(let path) = subject else {
      return try index.versions(of: subject, in: line).map { VersionReading.Link(version: $0) }
    }
    return try links(of: path, before: .max, depth: 0)
  }

  /// The versions of a file, and before its last coming those of the file that it was.
  private func links(of path: Int64, before end: Int, depth: Int) throws -> [VersionReading.Link] {
    let links = try index.versions(of: .file(path), in: line, before: end).map { VersionReading.Link(version: $0) }
    guard depth < 100 else { return links }
    let search = RenameSearch(repository: repository, index: index, line: line)
    for birth in links.indices.reversed() where links[birth].version.isNew {
      guard let source = try search.source(of: links[birth].version) else { continue }
      let before = try self.links(of: source, before: links[birth].version.position, depth: depth + 1)
      var after = Array(links[birth...])
      after[0].movedFrom = source
      return before + after
    }
    return links
  }

  // MARK: Reading

  /// Versions between two looks at whether anybody still waits.
  private static let batch = 8_192
  /// Fewer aren't worth a second thread.
  private static let fewest = 64

  private func read(_ links: [VersionReading.Link], after known: Int) throws -> HistoryIndex.Reading? {
    var place = links.prefix { $0.version.position <= known }.count
    guard place < links.count else { return nil }
    let names = try Dictionary(
      uniqueKeysWithValues: Set(links.flatMap { [$0.version.path, $0.movedFrom].compactMap(\.self) }).map {
        ($0, VersionReading.Name(try index.path($0)))
      })
    var found: VersionReading.Found?
    while place < links.count {
      try Task.checkCancellation()
      let end = min(place + Self.batch, links.count)
      let next = try halves(of: VersionReading(values: self, links: links, names: names), place..<end)
      found = found.map { $0.followed(by: next) } ?? next
      place = end
    }
    guard let found else { return nil }
    return HistoryIndex.Reading(
      changes: found.changes, writers: try found.writers.map { try repository.commit($0) },
      fields: try fields(of: found.table, after: found.changes, isFirst: known == 0))
  }

  /// Reads versions on two cores: what came before the second half is read there too.
  private func halves(of reading: VersionReading, _ range: Range<Int>) throws -> VersionReading.Found {
    guard range.count >= 2 * Self.fewest else { return try reading.read(range, in: repository) }
    let middle = range.lowerBound + range.count / 2
    let parts = [range.lowerBound..<middle, middle..<range.upperBound]
    let repositories = [repository, try repository.another()]
    let found = Mutex<[Int: Result<VersionReading.Found, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: parts.count) { part in
      let result = Result { try reading.read(parts[part], in: repositories[part]) }
      found.withLock { $0[part] = result }
    }
    let halves = try found.withLock { found in try parts.indices.compactMap { try found[$0]?.get() } }
    return halves.dropFirst().reduce(halves[0]) { $0.followed(by: $1) }
  }

  /// The fields of a table, each with the last change of it.
  private func fields(
    of table: FieldTable, after changes: [HistoricChange], isFirst: Bool
  ) throws -> [HistoryIndex.Reading.Field] {
    var setters: [FieldTable.Key: (position: Int, writer: Revision?)] = [:]
    for field in isFirst ? [] : try index.present(of: subject, in: line)?.fields ?? [] {
      setters[field.key] = (field.setter.position, field.setter.writer?.revision)
    }
    for change in changes {
      for value in change.values { setters[value.key] = value.kind == .removed ? nil : (change.position, value.writer) }
    }
    return table.fields.compactMap { field in
      setters[field.key].map { setter in
        HistoryIndex.Reading.Field(
          document: field.document, field: field.path, value: field.isSecret ? nil : FieldTable.shown(field.value),
          isSecret: field.isSecret, position: setter.position, writer: setter.writer)
      }
    }
  }
}

extension HistoricValue {
  var key: FieldTable.Key { FieldTable.Key(document: document, path: field) }
}

extension PresentSubject.Field {
  var key: FieldTable.Key { FieldTable.Key(document: document, path: field) }
}
