/// Follows what stands at some paths from one tree to the next, and reads only the folders whose ids have changed.
final class InputWatch {
  /// What stands at each path in the tree that was looked at last.
  private(set) var found: [Input?]
  private let root = Folder()

  /// An entry's identity: a file that only becomes executable has changed too.
  struct Input: Hashable {
    var id: ObjectID
    var mode: UInt32
  }

  /// A folder on the way to a path, and the tree that was last seen there.
  private final class Folder {
    var children: [(name: [UInt8], folder: Folder)] = []
    /// The paths that end here, by their places in the list.
    var paths: [Int] = []
    var last: Input?

    func child(named name: [UInt8]) -> Folder {
      if let known = children.first(where: { $0.name == name }) { return known.folder }
      let folder = Folder()
      children.append((name, folder))
      return folder
    }
  }

  /// Paths of files or folders; "" and "." stand for the whole tree.
  init(paths: [String]) throws(GitError) {
    found = Array(repeating: nil, count: paths.count)
    for (index, path) in paths.enumerated() {
      var folder = root
      if path != "" && path != "." {
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        for name in try TreePath(trimmed, for: "follow the path \(path)").components {
          folder = folder.child(named: name)
        }
      }
      folder.paths.append(index)
    }
  }

  /// Looks at a tree, or at none, and says whether anything at the paths differs from the tree before.
  func look(at tree: ObjectID?, in repository: Repository) throws(GitError) -> Bool {
    let input = tree.map { Input(id: $0, mode: TreeEntry.Mode.directory.rawValue) }
    return try visit(root, input, in: repository)
  }

  private func visit(_ folder: Folder, _ now: Input?, in repository: Repository) throws(GitError) -> Bool {
    guard folder.last != now else { return false }
    folder.last = now
    for path in folder.paths { found[path] = now }
    var changed = !folder.paths.isEmpty
    guard !folder.children.isEmpty else { return changed }
    let inputs = try children(of: folder, in: now, of: repository)
    for (child, input) in zip(folder.children, inputs) {
      if try visit(child.folder, input, in: repository) { changed = true }
    }
    return changed
  }

  /// What stands at each of the folder's watched names, read in one pass over the tree.
  private func children(of folder: Folder, in tree: Input?, of repository: Repository) throws(GitError) -> [Input?] {
    let names = folder.children
    let none = [Input?](repeating: nil, count: names.count)
    guard let tree, tree.mode == TreeEntry.Mode.directory.rawValue else { return none }
    return try repository.decode(tree.id, as: .tree, hashed: false) { bytes -> [Input?]? in
      var inputs = none
      var missing = names.count
      var lines = TreeLines(bytes)
      while missing > 0, let line = lines.next() {
        guard
          let place = names.firstIndex(where: { line.isNamed($0.name) })
        else { continue }
        inputs[place] = Input(id: line.id, mode: line.mode)
        missing -= 1
      }
      return lines.isMalformed ? nil : inputs
    }
  }
}
