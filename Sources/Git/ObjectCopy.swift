/// Copies what some objects need from one repository to another, as one pack.
///
/// We walk ourselves instead of letting libgit2's local transport do it: that one copies everything that the source
/// has whenever anything is new, and follows nested trees by recursion.
struct ObjectCopy {
  let source: Repository
  let destination: Repository

  init(from source: Repository, to destination: Repository) {
    self.source = source
    self.destination = destination
  }

  /// Copies everything that `wants` reach and `haves`, which the destination holds completely, don't; returns how many
  /// objects that were. What the source lacks throws `notFound`, and then nothing is copied.
  func run(
    wants: [ObjectID], haves: [ObjectID], progress: (TransferProgress) -> Void
  ) throws(GitError) -> Int {
    let held = Set(haves)
    let news = Set(wants).subtracting(held)
    guard !news.isEmpty else { return 0 }
    var gathering = Gathering(source)
    var tips: [ObjectID] = []
    for want in news {
      if let tip = try gathering.takeTags(from: want, held) { tips.append(tip) }
    }
    var borders: [ObjectID] = []
    for id in held where try source.kind(of: id) == .commit { borders.append(id) }
    // Parents first: what a commit leaves to its parents has then been taken from them.
    for commit in try source.commits(from: tips, excluding: borders).reversed() {
      try gathering.take(commit: commit)
    }
    let objects = gathering.objects
    guard !objects.isEmpty else { return 0 }
    try source.locked { (from) throws(GitError) in
      let builder = try PackBuilder(reading: from.repository)
      for object in objects { try builder.insert(object.id, name: object.name) }
      try destination.locked { (to) throws(GitError) in try builder.write(into: to.database, progress: progress) }
    }
    return objects.count
  }
}

/// The objects to copy, each once.
private struct Gathering {
  let source: Repository
  /// With the names of the entries: objects of one name are likely versions of one file, and pack well together.
  private(set) var objects: [(id: ObjectID, name: String)] = []
  private var seen: Set<ObjectID> = []

  init(_ source: Repository) { self.source = source }

  /// Takes annotated tags down to what they tag; returns the commit there, or takes the tree or blob there as well.
  mutating func takeTags(from id: ObjectID, _ held: Set<ObjectID>) throws(GitError) -> ObjectID? {
    var id = id
    for _ in 0..<16 {
      if held.contains(id) { return nil }
      guard let kind = try source.kind(of: id) else {
        throw GitError(.notFound, "there is no object \(id)", operation: "copy the objects of a repository")
      }
      switch kind {
      case .commit: return id
      case .blob:
        _ = add(id, "")
        return nil
      case .tree:
        if add(id, "") { try take(tree: id, unlike: nil, besides: []) }
        return nil
      case .tag:
        _ = add(id, "")
        id = try source.decode(id, as: .tag, hashed: false) { Tag.target(decoding: $0) }
      }
    }
    throw GitError(.invalid, "tags point at tags, without end", operation: "copy the tag \(id)")
  }

  /// Takes a commit and what its tree has that its parents' trees have not: whatever holds those holds the rest.
  mutating func take(commit id: ObjectID) throws(GitError) {
    guard add(id, "") else { return }
    let links = try source.decode(id, as: .commit, hashed: false) { Commit.links(decoding: $0) }
    var trees: [ObjectID] = []
    for parent in links.parents {
      trees.append(try source.decode(parent, as: .commit, hashed: false) { Commit.link(decoding: $0) }.tree)
    }
    guard links.tree != trees.first, add(links.tree, "") else { return }
    try take(tree: links.tree, unlike: trees.first, besides: Array(trees.dropFirst()))
  }

  /// However deep it is nested: what is too deep for a release must not keep the fix behind it from being fetched.
  private mutating func take(
    tree id: ObjectID, unlike other: ObjectID?, besides trees: [ObjectID]
  ) throws(GitError) {
    var others = OtherTrees(trees)
    var open = [(tree: id, other: other)]
    while let folder = open.popLast() {
      let old = try folder.other.map { (id) throws(GitError) in try source.entries(ofTree: id, hashed: false) } ?? []
      var known: [[UInt8]: TreeEntry] = [:]
      for entry in old { known[entry.rawName] = entry }
      for entry in try source.entries(ofTree: folder.tree, hashed: false) where entry.mode != .submodule {
        let before = known[entry.rawName]
        guard before?.id != entry.id, !seen.contains(entry.id) else { continue }
        if before == nil, entry.mode == .directory, try others.hold(entry.id, in: source) { continue }
        guard add(entry.id, entry.name), entry.mode == .directory else { continue }
        open.append((entry.id, before?.mode == .directory ? before?.id : nil))
      }
    }
  }

  private mutating func add(_ id: ObjectID, _ name: String) -> Bool {
    guard seen.insert(id).inserted else { return false }
    objects.append((id, name))
    return true
  }
}

/// The folders of a commit's second and later parents, at any depth. A journal's commit has a whole release in it, which
/// stands elsewhere in its revision, the second parent, and would be copied again with every release.
private struct OtherTrees {
  /// Of a larger tree the rest is taken for absent, and copied.
  private static let mostFolders = 50_000

  private let roots: [ObjectID]
  private var folders: Set<ObjectID>?

  init(_ roots: [ObjectID]) { self.roots = roots }

  mutating func hold(_ folder: ObjectID, in source: Repository) throws(GitError) -> Bool {
    guard !roots.isEmpty else { return false }
    if folders == nil { folders = try Self.folders(below: roots, in: source) }
    return folders?.contains(folder) ?? false
  }

  private static func folders(below roots: [ObjectID], in source: Repository) throws(GitError) -> Set<ObjectID> {
    var found = Set(roots)
    var open = roots
    while let folder = open.popLast(), found.count < mostFolders {
      for entry in try source.entries(ofTree: folder) where entry.mode == .directory {
        if found.insert(entry.id).inserted { open.append(entry.id) }
      }
    }
    return found
  }
}
