import Git
import MooringModel

/// Finds who wrote, on the branches that a commit merged, the values that it brought in.
///
/// A commit wrote a value where no parent has it. From the merge the search goes to the first parent that has the value, and
/// so on, until none has: so what a person wrote on a branch is theirs, through any number of merges between, and what only
/// the merge has is the merge's own.
struct WriterSearch {
  /// Commits that are looked at for one merge; beyond it the values are the merge's.
  private static let mostCommits = 20_000

  private let repository: Repository
  private let reader: FieldReader
  /// Where the thing may stand: after the merge, and before it.
  private var paths: [[UInt8]]
  private var tables: [ObjectID: FieldTable?] = [:]
  private var contents: [Place: FieldTable?] = [:]

  private struct Place: Hashable {
    var path: [UInt8]
    var blob: ObjectID
  }

  init(_ repository: Repository, _ reader: FieldReader) {
    self.repository = repository
    self.reader = reader
    paths = []
  }

  /// A field, and the value that it has; `nil` where it is gone.
  struct Wanted {
    var key: FieldTable.Key
    var value: String?
  }

  /// Of each field the commit that gave it its value, but for those that the merge itself wrote.
  mutating func writers(
    of wanted: [Wanted], mergedBy merge: ObjectID, at paths: [[UInt8]]
  ) throws -> [FieldTable.Key: ObjectID] {
    if paths != self.paths { tables = [:] }
    self.paths = paths
    var found: [FieldTable.Key: ObjectID] = [:]
    var open: [(commit: ObjectID, wanted: [Wanted])] = [(merge, wanted)]
    var looked = 0
    while let (commit, wanted) = open.popLast() {
      looked += 1
      guard looked <= Self.mostCommits else { return found }
      var rest = wanted
      for parent in try repository.links(of: commit).parents {
        guard !rest.isEmpty else { break }
        let table = try table(at: parent)
        let here = rest.filter { FieldTable.isSame(table?[$0.key]?.value, $0.value) }
        guard !here.isEmpty else { continue }
        rest.removeAll { FieldTable.isSame(table?[$0.key]?.value, $0.value) }
        open.append((parent, here))
      }
      guard commit != merge else { continue }
      for wanted in rest { found[wanted.key] = commit }
    }
    return found
  }

  private mutating func table(at commit: ObjectID) throws -> FieldTable? {
    if let known = tables[commit] { return known }
    var found: FieldTable?
    for path in paths {
      let text = String(decoding: path, as: UTF8.self)
      guard (try? RelativePath(text)) != nil, let entry = try repository.entry(at: text, in: commit),
        let table = try table(entry, path)
      else { continue }
      found = table
      break
    }
    tables[commit] = .some(found)
    return found
  }

  /// `nil` also of what can't be read: nobody's value is found there.
  private mutating func table(_ entry: TreeEntry, _ path: [UInt8]) throws -> FieldTable? {
    let place = Place(path: path, blob: entry.id)
    if let known = contents[place] { return known }
    var table: FieldTable?
    do { table = try reader.table(of: entry.id, at: path, entry.mode) } catch is FieldReader.Unreadable {}
    contents[place] = .some(table)
    return table
  }
}
