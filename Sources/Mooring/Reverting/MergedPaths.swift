import Git

/// One file that both sides of a revert changed.
struct MergedPath {
  var path: String
  /// The blobs of the three sides; nil where a side has no such file.
  var base: ObjectID?
  var ours: ObjectID?
  var theirs: ObjectID?
  /// What merging the lines made of it; our side in a conflict.
  var merged: TreeEntry?
  /// What it was before the commit.
  var before: TreeEntry?
  var isConflict = false
  /// The lines with markers.
  var marked: String?
}

/// Finds the files of a merge whose fields are to be looked at: what both sides changed, whether Git could merge it or not.
struct MergedPaths {
  private(set) var paths: [MergedPath] = []

  /// - Parameter all: Whether nothing was merged yet, and every change of theirs is to be looked at.
  init(
    _ git: Repository, base: ObjectID, ours: ObjectID, theirs: ObjectID, _ merge: PartialMerge, all: Bool
  ) throws {
    let conflicts = Set(merge.conflicts.map(\.path))
    var moved: [TreeChange] = []
    for change in try git.changes(from: base, to: theirs) where !conflicts.contains(change.path) {
      let own = try git.entry(at: change.path, in: ours)
      if own == nil, change.kind == .changed { moved.append(change) }
      guard all || (own != nil && own != change.old && change.kind == .changed) else { continue }
      paths.append(
        MergedPath(
          path: change.path, base: change.old?.id, ours: own?.id, theirs: change.new?.id,
          merged: try git.entry(at: change.path, in: merge.tree), before: change.new))
    }
    for conflict in merge.conflicts {
      paths.append(
        MergedPath(
          path: conflict.path, base: conflict.base, ours: conflict.ours, theirs: conflict.theirs,
          merged: try git.entry(at: conflict.path, in: merge.tree),
          before: try git.entry(at: conflict.path, in: theirs),
          isConflict: true, marked: conflict.text))
    }
    if !all, !moved.isEmpty { paths += try Self.renamed(moved, git, base: base, ours: ours, merge.tree) }
  }

  /// Files that we renamed since, and that Git found again: the only one that they can be, or the one with their name.
  private static func renamed(
    _ moved: [TreeChange], _ git: Repository, base: ObjectID, ours: ObjectID, _ merged: ObjectID
  ) throws -> [MergedPath] {
    try git.changes(from: ours, to: merged).compactMap { change in
      guard change.kind == .changed, try git.entry(at: change.path, in: base) == nil else { return nil }
      let name = change.path.split(separator: "/").last
      let named = moved.filter { $0.path.split(separator: "/").last == name }
      guard let source = moved.count == 1 ? moved.first : named.count == 1 ? named.first : nil else { return nil }
      return MergedPath(
        path: change.path, base: source.old?.id, ours: change.old?.id, theirs: source.new?.id, merged: change.new,
        before: source.new)
    }
  }
}
