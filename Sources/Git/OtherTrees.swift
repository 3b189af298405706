/// The folders of a commit's second and later parents, at any depth. A journal's commit has a whole release in it, which
/// stands elsewhere in its revision, the second parent, and would be copied again with every release.
struct OtherTrees {
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
