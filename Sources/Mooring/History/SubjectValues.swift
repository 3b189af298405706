import Git
import MooringJournal
import MooringModel

/// Reads the values of one file or resource along a line, once each, and keeps them in the index.
struct SubjectValues {
  let repository: Repository
  let index: HistoryIndex
  let line: HistoryIndex.Progress
  let kind: HistoryIndex.Line.Kind
  let rules: SecretRules
  let subject: HistoryIndex.Subject
  /// The resource's name; `nil` of a file.
  let resource: ObjectName?

  /// A version, and where the file was before, where it moved.
  private struct Link {
    var version: HistoryIndex.Version
    var movedFrom: Int64?
  }

  /// Reads what came since the values were kept last.
  func catchUp() throws {
    let fingerprint = rules.fingerprint
    var known = try index.valuesKept(of: subject, in: line, rules: fingerprint)
    guard known < line.length else { return }
    let news = try index.versions(of: subject, in: line, after: known)
    if known > 0, news.contains(where: \.isNew) {
      // A file that came again may have another past.
      try index.forgetValues(of: subject, in: line)
      known = 0
    }
    let links = news.isEmpty ? [] : try links()
    let (changes, writers) = try read(links, after: known)
    try index.keep(
      changes, writtenBy: writers, of: subject, in: line, rules: fingerprint, after: known, upTo: line.length)
  }

  private func links() throws -> [Link] {
    guard case .file(let path) = subject else {
      return try index.versions(of: subject, in: line).map { Link(version: $0) }
    }
    return try links(of: path, before: .max, depth: 0)
  }

  /// The versions of a file, and before its last coming those of the file that it was.
  private func links(of path: Int64, before end: Int, depth: Int) throws -> [Link] {
    let links = try index.versions(of: .file(path), in: line, before: end).map { Link(version: $0) }
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

  private func read(_ links: [Link], after known: Int) throws -> ([HistoricChange], [Commit]) {
    let reader = FieldReader(repository, rules, resource: resource)
    var search = WriterSearch(repository, reader)
    var table = FieldTable()
    var path: Int64?
    let old = links.prefix { $0.version.position <= known }
    for link in old.reversed() {
      path = path ?? link.version.path
      do {
        table = try self.table(link.version, reader) ?? FieldTable()
        break
      } catch is FieldReader.Unreadable {}  // What could be read last goes on.
    }
    var changes: [HistoricChange] = []
    var writers: Set<ObjectID> = []
    for link in links.dropFirst(old.count) {
      try Task.checkCancellation()
      var change = HistoricChange(position: link.version.position, file: try name(link.version.path))
      let before = link.movedFrom ?? path
      if let before, before != link.version.path, link.version.blob != nil { change.movedFrom = try name(before) }
      do {
        let new = try link.version.blob == nil ? FieldTable() : self.table(link.version, reader) ?? FieldTable()
        change.values = table.changes(to: new)
        change.isRemoval = link.version.blob == nil
        if link.version.isMerge, kind == .inputs {
          let found = try search.writers(
            of: change.values.map { WriterSearch.Wanted(key: $0.key, value: new[$0.key]?.value) },
            mergedBy: link.version.commit, at: try [link.version.path, before].compactMap { try $0.map(index.path) })
          for place in change.values.indices {
            change.values[place].writer = try found[change.values[place].key]?.content
          }
          writers.formUnion(found.values)
        }
        table = new
      } catch let error as FieldReader.Unreadable {
        change.problem = error.problem
      }
      path = link.version.path
      changes.append(change)
    }
    return (changes, try writers.map { try repository.commit($0) })
  }

  private func table(_ version: HistoryIndex.Version, _ reader: FieldReader) throws -> FieldTable? {
    guard let blob = version.blob else { return nil }
    return try reader.table(of: blob, at: try index.path(version.path), version.mode)
  }

  private func name(_ path: Int64) throws -> String { ObjectName(path: try index.path(path)).string }
}

extension HistoricValue {
  var key: FieldTable.Key { FieldTable.Key(document: document, path: field) }
}
