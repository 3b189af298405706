import Documents
import MooringModel

/// Resources that stand in another file of the newer release: each is the same resource, and no other one.
///
/// Where a name is in several files of a release, or in a `List`, nobody says which one moved where.
struct MovedResources {
  /// A resource in a file that differs.
  private struct Place {
    var file: String
    var resource: String
    var bytes: [UInt8]
  }

  private struct Move {
    var from: Place
    var to: Place
  }

  private let comparison: ReleaseComparison
  /// By the file where they are now.
  private var moves: [String: [Move]] = [:]
  /// Of each file the resources that left it, or came to it.
  private var names: [String: Set<String>] = [:]
  /// Files of which all has moved, or came from elsewhere.
  private var whole: Set<String> = []

  init(among pairs: [ReleaseComparison.Pair], _ comparison: ReleaseComparison) throws {
    self.comparison = comparison
    var (gone, come): ([ObjectName: [Place]], [ObjectName: [Place]]) = ([:], [:])
    var counts: [String: Int] = [:]
    for pair in pairs where FileObjects.mayBe(at: pair.path.utf8) {
      let old = Self.places(try ReleaseComparison.content(pair.old, in: comparison.from), at: pair.path)
      let new = Self.places(try ReleaseComparison.content(pair.new, in: comparison.to), at: pair.path)
      for (name, place) in old.objects where new.objects[name] == nil { gone[name, default: []].append(place) }
      for (name, place) in new.objects where old.objects[name] == nil { come[name, default: []].append(place) }
      if pair.old == nil || pair.new == nil { counts[pair.path] = max(old.documents, new.documents) }
    }
    for (name, places) in come.sorted(by: { $0.key < $1.key }) {
      guard places.count == 1, let to = places.first, let before = gone[name], before.count == 1,
        let from = before.first
      else { continue }
      moves[to.file, default: []].append(Move(from: from, to: to))
      for place in [from, to] { names[place.file, default: []].insert(place.resource) }
    }
    whole = Set(counts.filter { $0.value == names[$0.key]?.count }.keys)
  }

  /// The objects of a file, but for those in lists, and how many documents it has.
  private static func places(_ bytes: [UInt8]?, at file: String) -> (objects: [ObjectName: Place], documents: Int) {
    guard let bytes, let path = try? RelativePath(file),
      let documents = try? ReleaseResource.documents(in: bytes, at: path)
    else { return ([:], 0) }
    var objects: [ObjectName: Place] = [:]
    for root in documents.map(\.root) {
      guard let name = ObjectName(manifest: root), let resource = ReleaseResource.name(of: root) else { continue }
      objects[name] = Place(file: file, resource: resource, bytes: Array(bytes[root.byteRange]))
    }
    return (objects, documents.count)
  }

  /// What is left to say of a file, with what moved into it.
  func told(_ changes: [ReleaseChange], of file: String) throws -> [ReleaseChange] {
    let rest = changes.filter { change in
      if change.field == nil, change.lines == nil, change.kind != "changed" { return !whole.contains(file) }
      guard change.field?.isEmpty == true, let resource = change.resource else { return true }
      return names[file]?.contains(resource) != true
    }
    return try rest + (moves[file] ?? []).flatMap(told)
  }

  private func told(_ move: Move) throws -> [ReleaseChange] {
    let path = move.to.file
    let difference = differences(from: move.from.bytes, to: move.to.bytes, path: path)
    let isSecret = [path, move.from.file].contains {
      comparison.hidesAll($0, difference, move.from.bytes, move.to.bytes)
    }
    var changes = [
      ReleaseChange(file: path, kind: "changed", resource: move.to.resource, movedFrom: move.from.file)
    ]
    if case .fields(let documents) = difference.content {
      for document in documents {
        changes += document.fields.map { comparison.field(path, document, $0, isSecret: isSecret) }
      }
    }
    return changes
  }
}
