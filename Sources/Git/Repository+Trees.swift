/// What a walk does after it has seen an entry.
public enum WalkDecision: Hashable, Sendable {
  /// Go into it when it is a folder.
  case descend
  /// Go on beside it.
  case skip
  /// End the walk.
  case stop
}

extension Repository {
  /// A walk or a comparison that meets more entries than this is refused: small trees can be nested into huge ones.
  public static let mostEntries = 2_000_000

  /// The entries of one tree, in Git's order; `id` may also be a commit's.
  public func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry] {
    try entries(ofTree: try tree(ofCommitOrTree: id))
  }

  func entries(ofTree id: ObjectID, hashed: Bool = true) throws(GitError) -> [TreeEntry] {
    try decode(id, as: .tree, hashed: hashed) { TreeLines.entries(of: $0) }
  }

  /// The entry that a path names, or nil when nothing is there. Throws `invalid` for paths that no tree may contain.
  public func entry(at path: String, in tree: ObjectID) throws(GitError) -> TreeEntry? {
    let components = try TreePath(path, for: "find \(path) in the tree \(tree)").components
    var folder = try self.tree(ofCommitOrTree: tree)
    for (index, component) in components.enumerated() {
      guard let entry = try entry(named: component, inTree: folder) else { return nil }
      if index == components.count - 1 { return entry }
      guard entry.mode == .directory else { return nil }
      folder = entry.id
    }
    return nil
  }

  private func entry(named name: [UInt8], inTree id: ObjectID) throws(GitError) -> TreeEntry? {
    // Two optionals: the outer one is nil for a malformed tree.
    try decode(id, as: .tree) { bytes -> TreeEntry?? in
      var lines = TreeLines(bytes)
      while let line = lines.next() {
        guard line.isNamed(name) else { continue }
        return .some(TreeEntry(rawName: name, mode: .init(rawValue: line.mode), id: line.id))
      }
      return lines.isMalformed ? nil : .some(nil)
    }
  }

  /// Shows `body` each entry below a tree, with the folder that it is in ("" or ending in `/`), parents first.
  ///
  /// Throws `invalid` when the tree is nested more than 512 deep or has more than `limit` entries.
  public func walkTree(
    _ tree: ObjectID, limit: Int = mostEntries, _ body: (String, TreeEntry) throws -> WalkDecision
  ) throws {
    // Of each open folder: its path, its entries, and how many of them have been shown.
    var open: [(prefix: String, entries: [TreeEntry], shown: Int)] = []
    open.append(("", try self.tree(tree), 0))
    var count = 0
    while let folder = open.last {
      guard folder.shown < folder.entries.count else {
        open.removeLast()
        continue
      }
      open[open.count - 1].shown += 1
      count += 1
      guard count <= limit else { throw TreeWalk.tooLarge(tree, limit) }
      let entry = folder.entries[folder.shown]
      switch try body(folder.prefix, entry) {
      case .stop: return
      case .skip: continue
      case .descend:
        guard entry.mode == .directory else { continue }
        guard open.count < TreePath.deepest else { throw TreeWalk.tooDeep(tree) }
        open.append((folder.prefix + entry.name + "/", try entries(ofTree: entry.id), 0))
      }
    }
  }
}

enum TreeWalk {
  static func tooLarge(_ tree: ObjectID, _ limit: Int) -> GitError {
    GitError(.invalid, "it has more than \(limit) entries", operation: "walk the tree \(tree)")
  }

  static func tooDeep(_ tree: ObjectID) -> GitError {
    GitError(.invalid, "it is nested deeper than \(TreePath.deepest) folders", operation: "walk the tree \(tree)")
  }
}
