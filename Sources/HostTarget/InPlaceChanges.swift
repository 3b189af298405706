import MooringModel

/// What would bring a root to a release, and what stands against it.
struct InPlaceChanges {
  /// A unit with what it needs besides its record.
  struct Change {
    var unit: InPlaceUnit
    var node: InPlaceTree.Node?
    /// What was seen in its place, to be seen there again right before it is replaced.
    var seen: Folder.Entry?
  }

  var changes: [Change] = []
  /// Of the inventory that follows.
  var items: [InPlaceInventory.Item] = []
  /// What is replaced though it isn't what Mooring wrote: copies of it are kept.
  var kept: [RelativePath] = []
  var problems = InPlaceProblems()
  /// Files and links that are right already.
  var unchanged = 0

  mutating func place(
    _ node: InPlaceTree.Node, at path: RelativePath, over old: InPlaceEntry.Kind?, seen: Folder.Entry?,
    contents: [RelativePath] = []
  ) {
    append(
      InPlaceUnit(path: path, number: changes.count, new: node.entry.kind, old: old, contents: contents), node, seen)
  }

  mutating func remove(
    _ path: RelativePath, _ old: InPlaceEntry.Kind, seen: Folder.Entry?, contents: [RelativePath] = []
  ) {
    append(InPlaceUnit(path: path, number: changes.count, old: old, contents: contents), nil, seen)
  }

  mutating func setAttributes(_ path: RelativePath, from old: InPlaceEntry, to new: InPlaceEntry) {
    append(
      InPlaceUnit(
        path: path, number: changes.count, new: .folder, old: .folder, attributes: .init(old: old, new: new)), nil, nil)
  }

  private mutating func append(_ unit: InPlaceUnit, _ node: InPlaceTree.Node?, _ seen: Folder.Entry?) {
    changes.append(Change(unit: unit, node: node, seen: seen))
  }

  /// `3 files to write, 1 to remove, 12 as they are`
  var summary: String {
    let written = changes.count { $0.node != nil }
    let removed = changes.count { $0.node == nil && $0.unit.attributes == nil }
    return "\(written) to write, \(removed) to remove, \(unchanged) as they are"
  }
}

/// Why a root can't be brought to a release as it is.
struct InPlaceProblems {
  /// Paths that a fault names.
  private static let named = 10

  private var foreign: [String] = []
  private var changed: [String] = []
  private var blocked: [String] = []

  var isEmpty: Bool { foreign.isEmpty && changed.isEmpty && blocked.isEmpty }

  /// A file that no deployment put there.
  mutating func addForeign(_ path: RelativePath) { foreign.append(path.string) }
  /// Something of ours that somebody changed.
  mutating func addChanged(_ path: RelativePath, _ how: String) { changed.append("\(path) (\(how))") }
  /// Something that no setting lets us replace.
  mutating func addBlocked(_ path: RelativePath, _ what: String) { blocked.append("\(path) (\(what))") }

  /// The fault that names them.
  func fault(at root: String) -> Fault? {
    if !blocked.isEmpty {
      return Fault(
        .target, "what is there can't be replaced: \(Self.list(blocked))", at: root, remedy: "move it away by hand")
    }
    if !foreign.isEmpty {
      return Fault(
        .target, "files that Mooring didn't put there are in the way: \(Self.list(foreign))", at: root,
        remedy: "move them away, or set `onForeign: adopt` (takes over those with the release's content) or "
          + "`onForeign: replace` (keeps copies)")
    }
    if !changed.isEmpty {
      return Fault(
        .target, "somebody changed by hand what Mooring put there: \(Self.list(changed))", at: root,
        remedy: "commit the change to Git, or put back what was there; a rollback goes over it and keeps copies")
    }
    return nil
  }

  private static func list(_ paths: [String]) -> String {
    let shown = paths.prefix(named).map { $0.contains(where: \.isNewline) ? $0.debugDescription : $0 }
    let more = paths.count > named ? ", and \(paths.count - named) more" : ""
    return shown.joined(separator: ", ") + more
  }
}
