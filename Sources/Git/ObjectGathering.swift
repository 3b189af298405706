/// Gathers the objects that commits, tags, trees and blobs reach, each once.
struct ObjectGathering {
  /// An object, and the name of an entry that it stands under.
  struct Object: Sendable {
    let id: ObjectID
    let name: String
  }

  let source: Repository
  /// With the names of the entries: objects of one name are likely versions of one file, and pack well together.
  private(set) var objects: [Object] = []
  private var seen: Set<ObjectID> = []

  /// Everything that `wants` reach and `haves` don't.
  ///
  /// - Parameter haves: What is held with all that it reaches; such as the source doesn't have is passed over.
  /// - Throws: `notFound` for a commit, tag or folder that the source lacks.
  static func objects(
    in source: Repository, reachedBy wants: [ObjectID], without haves: [ObjectID]
  ) throws(GitError) -> [Object] {
    let held = Set(haves)
    let news = Set(wants).subtracting(held)
    guard !news.isEmpty else { return [] }
    var gathering = ObjectGathering(source)
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
    return gathering.objects
  }

  private init(_ source: Repository) { self.source = source }

  /// Takes annotated tags down to what they tag; returns the commit there, or takes the tree or blob there as well.
  private mutating func takeTags(from id: ObjectID, _ held: Set<ObjectID>) throws(GitError) -> ObjectID? {
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
  private mutating func take(commit id: ObjectID) throws(GitError) {
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
    objects.append(Object(id: id, name: name))
    return true
  }
}
