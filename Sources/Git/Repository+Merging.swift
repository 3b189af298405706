internal import CLibgit2

extension Repository {
  /// Merges two trees (or commits' trees) against their base, in memory, following renames as Git does.
  ///
  /// Writes the merged blobs and trees as objects and moves no reference. A nil base is the empty tree.
  public func merge(_ ours: ObjectID, _ theirs: ObjectID, base: ObjectID?) throws(GitError) -> MergeOutcome {
    let labels = MergeLabels(ours: "ours", theirs: "theirs")
    return try merge(ours: ours, theirs: theirs, base: base, labels, "merge \(theirs) into \(ours)")
  }

  /// The same, with a tree also where there are conflicts, which has our side of each.
  public func partialMerge(
    _ ours: ObjectID, _ theirs: ObjectID, base: ObjectID
  ) throws(GitError) -> PartialMerge {
    let (base, ours) = (try tree(ofCommitOrTree: base), try tree(ofCommitOrTree: ours))
    let theirs = try tree(ofCommitOrTree: theirs)
    if base == theirs || ours == theirs { return PartialMerge(tree: ours, conflicts: []) }
    if base == ours { return PartialMerge(tree: theirs, conflicts: []) }
    let operation = "merge \(theirs) into \(ours)"
    return try locked { (handle) throws(GitError) -> PartialMerge in
      let index = try MergedIndex(base: base, ours: ours, theirs: theirs, in: handle, operation)
      let conflicts = try index.conflicts(MergeLabels(ours: "ours", theirs: "theirs"))
      try index.keepOurs()
      return PartialMerge(tree: try index.writeTree(), conflicts: conflicts)
    }
  }

  /// The tree that undoing `commit` on `head` gives, as `git revert --no-commit` would: a three-way merge.
  ///
  /// A merge commit is undone against its parent number `mainline`, the first one by default; a root commit against
  /// the empty tree.
  public func revert(_ commit: ObjectID, on head: ObjectID, mainline: Int?) throws(GitError) -> MergeOutcome {
    let operation = "revert \(commit) on \(head)"
    let undone = try self.commit(commit)
    let parent = try parent(of: undone, mainline, operation)
    let labels = MergeLabels(ours: "HEAD", theirs: "parent of \(undone.shortName)")
    return try merge(ours: head, theirs: parent, base: commit, labels, operation)
  }

  /// The tree that doing `commit` again on `head` gives, as `git cherry-pick --no-commit` would.
  public func cherryPick(
    _ commit: ObjectID, on head: ObjectID, mainline: Int? = nil
  ) throws(GitError) -> MergeOutcome {
    let operation = "replay \(commit) on \(head)"
    let done = try self.commit(commit)
    let parent = try parent(of: done, mainline, operation)
    let labels = MergeLabels(ours: "HEAD", theirs: done.shortName)
    return try merge(ours: head, theirs: commit, base: parent, labels, operation)
  }

  private func parent(of commit: Commit, _ mainline: Int?, _ operation: String) throws(GitError) -> ObjectID? {
    let number = mainline ?? 1
    if commit.parents.isEmpty && mainline == nil { return nil }
    guard commit.parents.indices.contains(number - 1) else {
      throw GitError(
        .invalid, "\(commit.id) has \(commit.parents.count) parents, and no number \(number)", operation: operation)
    }
    return commit.parents[number - 1]
  }

  private func merge(
    ours: ObjectID?, theirs: ObjectID?, base: ObjectID?, _ labels: MergeLabels, _ operation: String
  ) throws(GitError) -> MergeOutcome {
    var trees: [ObjectID?] = []
    for side in [base, ours, theirs] {
      trees.append(try side.map { (id) throws(GitError) in try tree(ofCommitOrTree: id) })
    }
    if trees[0] == trees[2], let unchanged = trees[1] { return .tree(unchanged) }
    let sides = trees
    return try locked { (handle) throws(GitError) -> MergeOutcome in
      let index = try MergedIndex(base: sides[0], ours: sides[1], theirs: sides[2], in: handle, operation)
      let conflicts = try index.conflicts(labels)
      return conflicts.isEmpty ? .tree(try index.writeTree()) : .conflicts(conflicts)
    }
  }
}

extension Commit {
  /// The commit as Git names it beside a conflict marker.
  fileprivate var shortName: String { "\(id.hex.prefix(7)) (\(summary))" }
}
