import Git
import MooringJournal
import MooringModel

/// Reads versions of a file or a resource that follow each other, each against the one before.
struct VersionReading: Sendable {
  let values: SubjectValues
  /// All versions, oldest first.
  let links: [Link]
  let names: [Int64: Name]

  /// A version, and where the file was before, where it moved.
  struct Link: Sendable {
    var version: HistoryIndex.Version
    var movedFrom: Int64?
  }

  /// A file's path, and how history writes it.
  struct Name: Sendable {
    var path: [UInt8]
    var text: String

    init(_ path: [UInt8]) {
      self.path = path
      text = ObjectName(path: path).string
    }
  }

  /// What the versions came to.
  struct Found: Sendable {
    var changes: [HistoricChange] = []
    var writers: Set<ObjectID> = []
    /// The last version that can be read.
    var table = FieldTable()

    func followed(by next: Self) -> Self {
      Self(changes: changes + next.changes, writers: writers.union(next.writers), table: next.table)
    }
  }

  /// - Parameter repository: Nobody else's meanwhile, where there are several readings at once.
  func read(_ range: Range<Int>, in repository: Repository) throws -> Found {
    let reader = FieldReader(repository, values.rules, resource: values.resource)
    var search = WriterSearch(repository, reader)
    var found = Found()
    found.changes.reserveCapacity(range.count)
    found.table = try table(before: range.lowerBound, reader)
    var path = range.lowerBound > 0 ? links[range.lowerBound - 1].version.path : nil
    for link in links[range] {
      let before = link.movedFrom ?? path
      var change = HistoricChange(position: link.version.position, file: names[link.version.path]?.text ?? "")
      if let before, before != link.version.path, link.version.blob != nil { change.movedFrom = names[before]?.text }
      do {
        let new = try table(link.version, reader) ?? FieldTable()
        change.values = found.table.changes(to: new)
        change.isRemoval = link.version.blob == nil
        if link.version.isMerge, values.kind == .inputs {
          try name(writersOf: &change, in: new, link.version, before, &search, &found.writers)
        }
        found.table = new
      } catch let error as FieldReader.Unreadable {
        change.problem = error.problem
      }
      path = link.version.path
      found.changes.append(change)
    }
    return found
  }

  private func name(
    writersOf change: inout HistoricChange, in table: FieldTable, _ version: HistoryIndex.Version, _ before: Int64?,
    _ search: inout WriterSearch, _ writers: inout Set<ObjectID>
  ) throws {
    let found = try search.writers(
      of: change.values.map { WriterSearch.Wanted(key: $0.key, value: table[$0.key]?.value) },
      mergedBy: version.commit, at: [version.path, before].compactMap { $0.flatMap { names[$0]?.path } })
    for place in change.values.indices { change.values[place].writer = try found[change.values[place].key]?.content }
    writers.formUnion(found.values)
  }

  /// What could be read last before a place goes on.
  private func table(before place: Int, _ reader: FieldReader) throws -> FieldTable {
    for link in links[..<place].reversed() {
      do { return try table(link.version, reader) ?? FieldTable() } catch is FieldReader.Unreadable {}
    }
    return FieldTable()
  }

  private func table(_ version: HistoryIndex.Version, _ reader: FieldReader) throws -> FieldTable? {
    guard let blob = version.blob, let name = names[version.path] else { return nil }
    return try reader.table(of: blob, at: name.path, version.mode)
  }
}
