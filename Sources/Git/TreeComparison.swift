/// Compares two trees by ids, going only into folders whose ids differ.
struct TreeComparison {
  let repository: Repository
  let limit: Int
  private(set) var changes: [TreeChange] = []
  private var seen = 0

  init(in repository: Repository, limit: Int) {
    self.repository = repository
    self.limit = limit
  }

  mutating func compare(
    _ old: ObjectID?, _ new: ObjectID?, below prefix: [UInt8] = [], depth: Int = 0
  ) throws(GitError) {
    guard old != new else { return }
    let root = new ?? old ?? .zero
    guard depth < TreePath.deepest else { throw TreeWalk.tooDeep(root) }
    let before = try old.map { (id) throws(GitError) in try repository.entries(ofTree: id) } ?? []
    let after = try new.map { (id) throws(GitError) in try repository.entries(ofTree: id) } ?? []
    seen += before.count + after.count
    guard seen <= limit else { throw TreeWalk.tooLarge(root, limit) }
    var left = before.startIndex
    var right = after.startIndex
    while left < before.count || right < after.count {
      let order = Self.order(before, left, after, right)
      let gone = order <= 0 ? before[left] : nil
      let come = order >= 0 ? after[right] : nil
      if order <= 0 { left += 1 }
      if order >= 0 { right += 1 }
      try note(gone, come, below: prefix, depth: depth)
    }
  }

  /// Which entry is next: negative the left one, positive the right one, 0 both.
  private static func order(_ before: [TreeEntry], _ left: Int, _ after: [TreeEntry], _ right: Int) -> Int {
    guard left < before.count else { return 1 }
    guard right < after.count else { return -1 }
    return TreeEntry.compare(before[left], after[right])
  }

  private mutating func note(
    _ old: TreeEntry?, _ new: TreeEntry?, below prefix: [UInt8], depth: Int
  ) throws(GitError) {
    guard old?.id != new?.id || old?.mode != new?.mode, let named = new ?? old else { return }
    let path = prefix + named.rawName
    let oldFolder = old?.mode == .directory ? old?.id : nil
    let newFolder = new?.mode == .directory ? new?.id : nil
    let oldLeaf = oldFolder == nil ? old : nil
    let newLeaf = newFolder == nil ? new : nil
    if oldLeaf != nil || newLeaf != nil {
      changes.append(TreeChange(rawPath: path, old: oldLeaf, new: newLeaf))
    }
    if oldFolder != nil || newFolder != nil {
      try compare(oldFolder, newFolder, below: path + [UInt8(ascii: "/")], depth: depth + 1)
    }
  }
}

extension Repository {
  /// What differs between two trees (or the trees of two commits); nil stands for the empty tree.
  ///
  /// As `git diff-tree -r --no-renames`. Costs reading the folders that differ. Throws `invalid` when there are more
  /// than `limit` entries in those.
  public func changes(
    from old: ObjectID?, to new: ObjectID?, limit: Int = mostEntries
  ) throws(GitError) -> TreeChanges {
    var comparison = TreeComparison(in: self, limit: limit)
    let before = try old.map { (id) throws(GitError) in try tree(ofCommitOrTree: id) }
    let after = try new.map { (id) throws(GitError) in try tree(ofCommitOrTree: id) }
    try comparison.compare(before, after)
    return TreeChanges(comparison.changes)
  }
}
