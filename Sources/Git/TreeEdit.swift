/// Paths to set or to remove, as a tree of their own, so that each folder is read and written once.
struct TreeEdit {
  /// What becomes of the name itself: nil when only what is below it changes.
  private var replacement: TreeEntry??
  private var below: [[UInt8]: TreeEdit] = [:]

  mutating func set(_ path: ArraySlice<[UInt8]>, to entry: TreeEntry?) {
    guard let first = path.first else {
      replacement = .some(entry)
      below = [:]
      return
    }
    below[first, default: TreeEdit()].set(path.dropFirst(), to: entry)
  }

  /// Writes the folder with the edits carried out, and returns its id, or nil when nothing is left in it.
  func apply(to folder: ObjectID?, in repository: Repository) throws(GitError) -> ObjectID? {
    var entries: [TreeEntry] = []
    if let folder { entries = try repository.entries(ofTree: folder) }
    var places: [[UInt8]: Int] = [:]
    for (index, entry) in entries.enumerated() { places[entry.rawName] = index }
    var removed: Set<Int> = []
    for (name, edit) in below {
      let place = places[name]
      let new = try edit.result(named: name, replacing: place.map { entries[$0] }, in: repository)
      switch (place, new) {
      case (let place?, let new?): entries[place] = new
      case (let place?, nil): removed.insert(place)
      case (nil, let new?): entries.append(new)
      case (nil, nil): break
      }
    }
    let kept = entries.indices.filter { !removed.contains($0) }.map { entries[$0] }
    return kept.isEmpty ? nil : try repository.writeTree(kept)
  }

  private func result(
    named name: [UInt8], replacing old: TreeEntry?, in repository: Repository
  ) throws(GitError) -> TreeEntry? {
    var current = old
    if let replacement {
      current = replacement
      current?.rawName = name
    }
    guard !below.isEmpty else { return current }
    let folder = current?.mode == .directory ? current?.id : nil
    guard let id = try apply(to: folder, in: repository) else { return nil }
    return TreeEntry(rawName: name, mode: .directory, id: id)
  }
}

extension Repository {
  /// Writes a tree in which each path is set to its entry, or removed where the entry is nil, and returns its id.
  ///
  /// The entry's own name is replaced by the path's last component. Folders on the way are made, also in place of a
  /// file, and folders that become empty are left out. Edits are carried out in order: a later one of the same path
  /// or of a folder above it wins. The objects of the entries need not be there yet.
  public func replacing(
    entriesAt edits: [(path: String, entry: TreeEntry?)], in tree: ObjectID
  ) throws(GitError) -> ObjectID {
    var all = TreeEdit()
    for edit in edits {
      all.set(try TreePath(edit.path, for: "edit the tree \(tree)").components[...], to: edit.entry)
    }
    let root = try self.tree(ofCommitOrTree: tree)
    guard !edits.isEmpty else { return root }
    if let id = try all.apply(to: root, in: self) { return id }
    return try writeTree([])
  }
}
