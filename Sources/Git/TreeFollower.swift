internal import Glibc

/// Says what differs below some paths from one tree to the next, as a line of history is walked.
///
/// As `git diff-tree -r --no-renames -- PATHS`, of many commits one after the other: the folders of the tree that was seen
/// last stay in memory, so that only folders whose ids changed are read, each once.
public final class TreeFollower {
  /// What is kept of folders at most; over it they are read again.
  private static let mostBytes = 64 << 20

  private let repository: Repository
  private let top: Way
  private var folders: [ObjectID: [UInt8]] = [:]
  private var bytes = 0
  private var seen = 0
  private var changes: [TreeChange] = []

  /// The way to the paths: a folder of which only some entries matter.
  private final class Way {
    var children: [(name: [UInt8], way: Way)] = []
    /// Whether everything below matters.
    var isWhole = false

    func child(named name: [UInt8]) -> Way {
      if let known = children.first(where: { $0.name == name }) { return known.way }
      let way = Way()
      children.append((name, way))
      return way
    }

    func way(to name: UnsafeRawBufferPointer) -> Way? {
      if isWhole { return self }
      return children.first { $0.name.count == name.count && $0.name.elementsEqual(name) }?.way
    }
  }

  /// - Parameter paths: Files or folders; "" and "." stand for the whole tree.
  public init(below paths: [String], in repository: Repository) throws(GitError) {
    self.repository = repository
    top = Way()
    for path in paths {
      var way = top
      if path != "" && path != "." {
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        for name in try TreePath(trimmed, for: "follow the path \(path)").components { way = way.child(named: name) }
      }
      way.isWhole = true
    }
  }

  /// What differs between two trees (not commits); nil stands for the empty tree.
  ///
  /// - Throws: `invalid` when there are more than `limit` entries in the folders that differ.
  public func changes(
    from old: ObjectID?, to new: ObjectID?, limit: Int = Repository.mostEntries
  ) throws(GitError) -> TreeChanges {
    changes = []
    seen = 0
    if old != new { try compare(old, new, top, below: [], depth: 0, limit) }
    return TreeChanges(changes)
  }

  private func compare(
    _ old: ObjectID?, _ new: ObjectID?, _ way: Way, below prefix: [UInt8], depth: Int, _ limit: Int
  ) throws(GitError) {
    guard depth < TreePath.deepest else { throw TreeWalk.tooDeep(new ?? old ?? .zero) }
    let before = try old.map { (id) throws(GitError) in try folder(id) } ?? []
    let after = try new.map { (id) throws(GitError) in try folder(id) } ?? []
    seen += (before.count + after.count) / 32
    guard seen <= limit else { throw TreeWalk.tooLarge(new ?? old ?? .zero, limit) }
    for (gone, come, below) in try Self.pairs(before, after, way) {
      try note(gone, come, below, prefix, depth, limit)
    }
    // What was there isn't asked for again, but by a line that goes back to it.
    if let old, let known = folders.removeValue(forKey: old) { bytes -= known.count }
  }

  private func note(
    _ old: TreeEntry?, _ new: TreeEntry?, _ way: Way, _ prefix: [UInt8], _ depth: Int, _ limit: Int
  ) throws(GitError) {
    guard let named = new ?? old else { return }
    let path = prefix + named.rawName
    let oldLeaf = old?.mode == .directory ? nil : old
    let newLeaf = new?.mode == .directory ? nil : new
    if way.isWhole, oldLeaf != nil || newLeaf != nil {
      changes.append(TreeChange(rawPath: path, old: oldLeaf, new: newLeaf))
    }
    let oldFolder = oldLeaf == nil ? old?.id : nil
    let newFolder = newLeaf == nil ? new?.id : nil
    if oldFolder != nil || newFolder != nil {
      try compare(oldFolder, newFolder, way, below: path + [UInt8(ascii: "/")], depth: depth + 1, limit)
    }
  }

  private func folder(_ id: ObjectID) throws(GitError) -> [UInt8] {
    if let known = folders[id] { return known }
    let read = try repository.decode(id, as: .tree, hashed: false) { Array($0) }
    if bytes > Self.mostBytes {
      folders = [:]
      bytes = 0
    }
    folders[id] = read
    bytes += read.count
    return read
  }

  /// The entries that differ, of those on the way; both sides of one name together.
  private static func pairs(
    _ before: [UInt8], _ after: [UInt8], _ way: Way
  ) throws(GitError) -> [(TreeEntry?, TreeEntry?, Way)] {
    let found = before.withUnsafeBytes { before in
      after.withUnsafeBytes { after in differing(TreeLines(before), TreeLines(after), way) }
    }
    guard let found else { throw GitError(.unreadable, "a tree is malformed", operation: "compare trees") }
    return found
  }

  private static func differing(
    _ before: TreeLines, _ after: TreeLines, _ way: Way
  ) -> [(TreeEntry?, TreeEntry?, Way)]? {
    var (before, after) = (before, after)
    var found: [(TreeEntry?, TreeEntry?, Way)] = []
    var left = before.next()
    var right = after.next()
    while left != nil || right != nil {
      let order = order(left, right)
      let gone = order <= 0 ? left : nil
      let come = order >= 0 ? right : nil
      if gone?.id != come?.id || gone?.mode != come?.mode, let name = (come ?? gone)?.name,
        let below = way.way(to: name)
      {
        found.append((gone.map(TreeEntry.init), come.map(TreeEntry.init), below))
      }
      if order <= 0 { left = before.next() }
      if order >= 0 { right = after.next() }
    }
    return before.isMalformed || after.isMalformed ? nil : found
  }

  /// Which line is next in Git's order: negative the left one, positive the right one, 0 both.
  private static func order(_ left: TreeLines.Line?, _ right: TreeLines.Line?) -> Int {
    guard let left else { return 1 }
    guard let right else { return -1 }
    let shared = min(left.name.count, right.name.count)
    if shared > 0, let one = left.name.baseAddress, let other = right.name.baseAddress {
      let order = memcmp(one, other, shared)
      if order != 0 { return Int(order) }
    }
    return Int(left.byte(after: shared)) - Int(right.byte(after: shared))
  }
}

extension TreeLines.Line {
  /// A folder's name counts as though it ended in a slash.
  fileprivate func byte(after shared: Int) -> UInt8 {
    if name.count > shared { return name[shared] }
    return mode == TreeEntry.Mode.directory.rawValue ? UInt8(ascii: "/") : 0
  }
}

extension TreeEntry {
  fileprivate init(_ line: TreeLines.Line) {
    self.init(rawName: Array(line.name), mode: Mode(rawValue: line.mode), id: line.id)
  }
}

extension Repository {
  /// A commit of a line of history, with its tree.
  public struct LineCommit: Hashable, Sendable {
    public var id: ObjectID
    public var tree: ObjectID
  }

  /// The commits of first-parent history from `tip`, newest first, down to `stop` and without it; and whether `stop` is on
  /// that line. Reads of each commit its tree and its parent alone.
  public func line(
    firstParentsFrom tip: ObjectID, until stop: ObjectID?
  ) throws(GitError) -> (commits: [LineCommit], reachesStop: Bool) {
    var commits: [LineCommit] = []
    var next: ObjectID? = tip
    while let id = next, id != stop {
      let link = try decode(id, as: .commit, hashed: false) { Commit.link(decoding: $0) }
      commits.append(LineCommit(id: id, tree: link.tree))
      next = link.firstParent
    }
    return (commits, stop != nil && next == stop)
  }

  /// The tree and the parents of a commit, without the rest.
  public func links(of commit: ObjectID) throws(GitError) -> (tree: ObjectID, parents: [ObjectID]) {
    let links = try decode(commit, as: .commit, hashed: false) { bytes -> Links? in
      Commit.links(decoding: bytes).map { Links(tree: $0.tree, parents: $0.parents) }
    }
    return (links.tree, links.parents)
  }

  private struct Links: Sendable {
    var tree: ObjectID
    var parents: [ObjectID]
  }
}
