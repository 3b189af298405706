/// A commit that changed what stands at one of the watched paths.
public struct InputChange: Hashable, Sendable {
  public var commit: ObjectID
  /// The id of what stands at each path after the commit, in the order of the paths; nil where nothing stands.
  public var inputs: [ObjectID?]

  public init(commit: ObjectID, inputs: [ObjectID?]) {
    self.commit = commit
    self.inputs = inputs
  }
}

extension Repository {
  /// The commits of first-parent history whose entry at one of the paths differs from their first parent's, oldest
  /// first: `git log --first-parent --reverse -- PATHS` with merges shown when they change something.
  ///
  /// Starts after `stop` (at the root when it is nil or not on that line) and ends with `tip`. A path is a file or a
  /// folder, never a pattern; "" and "." are the whole tree. A root commit counts if any path exists in it. Reads
  /// each commit once, and each folder on the way to a path once for each time that it changes.
  public func changesOfInputs(
    firstParentsFrom tip: ObjectID, until stop: ObjectID?, paths: [String]
  ) throws(GitError) -> [InputChange] {
    let watch = try InputWatch(paths: paths)
    var line: [(commit: ObjectID, tree: ObjectID)] = []
    var next: ObjectID? = tip
    while let id = next, id != stop {
      let link = try decode(id, as: .commit, hashed: false) { Commit.link(decoding: $0) }
      line.append((id, link.tree))
      next = link.firstParent
    }
    if let before = next { _ = try watch.look(at: try tree(ofCommitOrTree: before), in: self) }
    var changes: [InputChange] = []
    for (commit, tree) in line.reversed() {
      guard try watch.look(at: tree, in: self) else { continue }
      changes.append(InputChange(commit: commit, inputs: watch.found.map { $0?.id }))
    }
    return changes
  }
}
