import MooringModel

/// Lays objects out as records, folder after folder.
struct BaselineBuilder {
  private(set) var baseline: Baseline

  /// - Parameter top: What the folder itself should be; `nil` where others made it.
  init(top: InPlaceEntry?, named name: FileName) {
    baseline = Baseline(records: [], names: [])
    append(name, top)
  }

  private mutating func append(_ name: FileName, _ entry: InPlaceEntry?) {
    let (start, bytes) = (baseline.names.count, name.bytes)
    baseline.names += bytes
    baseline.names.append(0)
    var record = Baseline.Record(
      name: UInt32(truncatingIfNeeded: start), nameLength: UInt16(truncatingIfNeeded: bytes.count),
      kind: Self.kind(of: entry))
    if let entry {
      record.mode = entry.mode
      record.owner = entry.account.owner
      record.group = entry.account.group
      record.content = Baseline.Content(entry.content)
      record.set(Baseline.Record.isWatched, entry.kind == .folder)
    }
    baseline.records.append(record)
  }

  private static func kind(of entry: InPlaceEntry?) -> UInt8 {
    switch entry?.kind {
    case .file: Baseline.Record.file
    case .link: Baseline.Record.link
    case .folder: Baseline.Record.folder
    case nil: Baseline.Record.passage
    }
  }

  /// Adds a folder's children, which are sorted by name, and what is below them.
  ///
  /// - Parameter describe: Name, what should be there (`nil` of a folder that others made), and what is in it.
  mutating func add<Child>(
    _ children: [Child], to index: Int = 0,
    describe: (Child) throws -> (name: FileName, entry: InPlaceEntry?, children: [Child])
  ) rethrows {
    let first = baseline.records.count
    baseline.records[index].firstChild = UInt32(truncatingIfNeeded: first)
    baseline.records[index].childCount = UInt32(truncatingIfNeeded: children.count)
    let described = try children.map { child in
      let described = try describe(child)
      append(described.name, described.entry)
      return described.children
    }
    for (offset, inner) in described.enumerated() where !inner.isEmpty {
      try add(inner, to: first + offset, describe: describe)
    }
  }

  /// Has files of others reported in a folder that they made.
  mutating func watch(_ path: RelativePath) {
    guard let index = baseline.index(at: path.names), baseline.records[index].isFolder else { return }
    baseline.records[index].set(Baseline.Record.isWatched, true)
  }
}

extension Baseline {
  /// A release's folder in the `switch` layout.
  ///
  /// - Parameters:
  ///   - name: The folder's.
  ///   - account: Whose everything should be.
  init(
    of tree: ReleaseTree, named name: FileName, _ account: Account, identity: ([UInt8]) throws -> ContentID
  ) rethrows {
    let folder = InPlaceEntry.folder(mode: UInt32(ReleaseWriter.folderPermissions), account)
    var builder = BaselineBuilder(top: folder, named: name)
    try builder.add(tree.top.children) { node in
      switch node.content {
      case .folder(let branch): return (node.name, folder, branch.children)
      case .file(let content, let executable):
        let mode = executable ? ReleaseWriter.executablePermissions : ReleaseWriter.filePermissions
        return (node.name, .file(content, mode: UInt32(mode), account), [])
      case .link(let target), .persistent(let target):
        return (node.name, .link(try identity(Array(target.bytes))), [])
      }
    }
    self = builder.baseline
  }

  /// What an environment put into a root of the `inPlace` layout.
  ///
  /// - Parameter watched: Folders of others in which their files are reported all the same.
  init(of items: [InPlaceInventory.Item], watched: [RelativePath] = []) {
    var branch = InPlaceBranch(items)
    for path in watched { branch.pass(path.names[...]) }
    var builder = BaselineBuilder(top: nil, named: ".")
    builder.add(branch.sorted) { ($0.key, $0.value.entry, $0.value.sorted) }
    for path in watched { builder.watch(path) }
    self = builder.baseline
  }
}

extension InPlaceBranch {
  fileprivate var sorted: [(key: FileName, value: InPlaceBranch)] { children.sorted { $0.key < $1.key } }

  /// Makes the folders of a path known, whoever made them.
  fileprivate mutating func pass(_ path: ArraySlice<FileName>) {
    guard let name = path.first else { return }
    if let entry, entry.kind != .folder { return }
    children[name, default: InPlaceBranch()].pass(path.dropFirst())
  }
}
