internal import CLibgit2

extension Repository {
  /// The commits of first-parent history from `tip`, newest first, without `stop`; to the root when `stop` is nil or
  /// is not on that line.
  public func firstParents(from tip: ObjectID, until stop: ObjectID?) throws(GitError) -> [Commit] {
    var commits: [Commit] = []
    var next: ObjectID? = tip
    while let id = next, id != stop {
      let commit = try commit(id)
      commits.append(commit)
      next = commit.parents.first
    }
    return commits
  }

  /// Shows `body` the commits of first-parent history from `tip`, newest first, one in memory at a time, until it
  /// returns false.
  public func walkFirstParents(from tip: ObjectID, _ body: (Commit) throws -> Bool) throws {
    var next: ObjectID? = tip
    while let id = next {
      let commit = try commit(id)
      guard try body(commit) else { return }
      next = commit.parents.first
    }
  }

  /// Whether `ancestor` is in the history of `descendant`; a commit is its own ancestor.
  public func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) throws(GitError) -> Bool {
    let operation = "see whether \(ancestor) is an ancestor of \(descendant)"
    for id in [ancestor, descendant] { try requireCommit(id, operation) }
    guard ancestor != descendant else { return true }
    return try locked { (handle) throws(GitError) -> Bool in
      var upper = ancestor.oid
      var lower = descendant.oid
      let code = git_graph_descendant_of(handle.repository, &lower, &upper)
      try check(code, operation)
      return code == 1
    }
  }

  /// A best common ancestor of two commits, or nil when their histories don't meet.
  public func mergeBase(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID? {
    let operation = "find where \(one) and \(other) part"
    for id in [one, other] { try requireCommit(id, operation) }
    return try locked { (handle) throws(GitError) -> ObjectID? in
      var base = git_oid()
      var first = one.oid
      var second = other.oid
      let code = git_merge_base(&base, handle.repository, &first, &second)
      if code == GIT_ENOTFOUND.rawValue { return nil }
      try check(code, operation)
      return ObjectID(base)
    }
  }

  /// The commits in the history of `tip` that are not in that of `excluded`, newest first by commit time and no
  /// parent before its child: `git rev-list --topo-order tip ^excluded`.
  public func commitsBetween(_ tip: ObjectID, excluding excluded: ObjectID) throws(GitError) -> [ObjectID] {
    try commits(from: [tip], excluding: [excluded])
  }

  func commits(from tips: [ObjectID], excluding excluded: [ObjectID]) throws(GitError) -> [ObjectID] {
    let operation = "list the commits of \(tips.first?.hex ?? "no tip")"
    return try locked { (handle) throws(GitError) -> [ObjectID] in
      var walk: OpaquePointer?
      try check(git_revwalk_new(&walk, handle.repository), operation)
      defer { git_revwalk_free(walk) }
      try check(git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue), operation)
      for tip in tips {
        var oid = tip.oid
        try check(git_revwalk_push(walk, &oid), operation)
      }
      for id in excluded {
        var oid = id.oid
        try check(git_revwalk_hide(walk, &oid), operation)
      }
      var found: [ObjectID] = []
      var oid = git_oid()
      while true {
        let code = git_revwalk_next(&oid, walk)
        if code == GIT_ITEROVER.rawValue { return found }
        try check(code, operation)
        found.append(ObjectID(oid))
      }
    }
  }

  private func requireCommit(_ id: ObjectID, _ operation: String) throws(GitError) {
    switch try kind(of: id) {
    case .commit: return
    case nil: throw GitError(.notFound, "there is no object \(id)", operation: operation)
    case let kind?: throw GitError(.invalid, "\(id) is a \(kind)", operation: operation)
    }
  }
}
