import MooringModel

/// Compares a root with the release that it is to hold and with what Mooring put there before. Reads every file that it
/// answers for; changes nothing.
struct InPlaceSurvey {
  let contents: any ReleaseContents
  let options: HostTargetOptions
  /// What was changed by hand is gone over.
  let overwrites: Bool
  /// What isn't ours to the byte, and was changed by nobody.
  let own: Set<ObjectName>
  private(set) var result = InPlaceChanges()

  init(contents: any ReleaseContents, options: HostTargetOptions, overwrites: Bool, own: Set<ObjectName>) {
    self.contents = contents
    self.options = options
    self.overwrites = overwrites
    self.own = own
  }

  mutating func compare(
    _ folder: borrowing Folder, with wanted: [InPlaceTree.Node], managed: InPlaceBranch, at path: String = ""
  ) throws {
    try Task.checkCancellation()
    let nodes = Dictionary(uniqueKeysWithValues: wanted.map { ($0.name, $0) })
    for name in Set(nodes.keys).union(managed.children.keys).sorted() {
      let place = try RelativePath(path + name.description)
      let seen = try folder.entry(name)
      let ours = managed.children[name]
      if let node = nodes[name] {
        try compare(node, ours, seen, in: folder, at: place)
      } else if let ours {
        try remove(name, ours, seen, in: folder, at: place)
      }
    }
  }

  // MARK: What is to be there

  private mutating func compare(
    _ node: InPlaceTree.Node, _ ours: InPlaceBranch?, _ seen: Folder.Entry?, in folder: borrowing Folder,
    at place: RelativePath
  ) throws {
    switch seen?.kind {
    case nil:
      if let ours, ours.entry != nil { noteMissing(ours, at: place) }
      record(node, at: place)
      result.place(node, at: place, over: nil, seen: nil)
    case .other:
      result.problems.addBlocked(place, "it is a device, a pipe or a socket")
    case .folder where node.isFolder:
      try compareFolder(node, ours, in: folder, at: place)
    case .folder:
      try replaceFolder(node, ours, seen, in: folder, at: place)
    case .link where node.isFolder && ours?.entry?.kind != .link:
      result.problems.addBlocked(place, "it is a link where a folder belongs")
    case .regular, .link:
      try replaceFile(node, ours, seen, in: folder, at: place)
    }
  }

  private mutating func compareFolder(
    _ node: InPlaceTree.Node, _ ours: InPlaceBranch?, in folder: borrowing Folder, at place: RelativePath
  ) throws {
    let isOurs = ours?.entry?.kind == .folder
    if isOurs, let old = try read(node.name, in: folder) {
      result.items.append(.init(path: place, entry: node.entry))
      if old != node.entry {
        if let recorded = ours?.entry, old != recorded { noteChanged(place, old.difference(from: recorded), false) }
        result.setAttributes(place, from: old, to: node.entry)
      }
    }
    try compare(
      folder.folder(node.name), with: node.children, managed: ours ?? InPlaceBranch(), at: place.string + "/")
  }

  private mutating func replaceFolder(
    _ node: InPlaceTree.Node, _ ours: InPlaceBranch?, _ seen: Folder.Entry?, in folder: borrowing Folder,
    at place: RelativePath
  ) throws {
    guard let ours, ours.entry?.kind == .folder, let known = try claim(node.name, ours, in: folder, at: place) else {
      result.problems.addBlocked(place, "it is a folder with more in it than Mooring put there")
      return
    }
    record(node, at: place)
    result.place(node, at: place, over: .folder, seen: seen, contents: known)
  }

  private mutating func replaceFile(
    _ node: InPlaceTree.Node, _ ours: InPlaceBranch?, _ seen: Folder.Entry?, in folder: borrowing Folder,
    at place: RelativePath
  ) throws {
    let there = try read(node.name, in: folder)
    let kind: InPlaceEntry.Kind = seen?.kind == .link ? .link : .file
    if there == node.entry {
      result.unchanged += 1
      result.items.append(.init(path: place, entry: node.entry))
      return
    }
    if let recorded = ours?.entry, recorded.kind != .folder {
      if there != recorded { noteChanged(place, there?.difference(from: recorded) ?? "it can't be read", true) }
    } else {
      noteForeign(place, hasSameContent: there?.kind == node.entry.kind && there?.content == node.entry.content)
    }
    record(node, at: place)
    result.place(node, at: place, over: kind, seen: seen)
  }

  private mutating func record(_ node: InPlaceTree.Node, at place: RelativePath) {
    result.items.append(.init(path: place, entry: node.entry))
    for child in node.children {
      // The release's paths were such paths before they were taken apart.
      if let path = try? RelativePath("\(place)/\(child.name)") { record(child, at: path) }
    }
  }

  // MARK: What is to go

  private mutating func remove(
    _ name: FileName, _ ours: InPlaceBranch, _ seen: Folder.Entry?, in folder: borrowing Folder, at place: RelativePath
  ) throws {
    guard let seen else { return }
    switch (ours.entry?.kind, seen.kind) {
    case (.folder?, .folder):
      if let known = try claim(name, ours, in: folder, at: place) {
        result.remove(place, .folder, seen: seen, contents: known)
        return
      }
      if let entry = ours.entry { result.items.append(.init(path: place, entry: entry)) }
      try compare(folder.folder(name), with: [], managed: ours, at: place.string + "/")
    case (nil, .folder): try compare(folder.folder(name), with: [], managed: ours, at: place.string + "/")
    case (.file?, .regular), (.file?, .link), (.link?, .regular), (.link?, .link):
      let there = try read(name, in: folder)
      if let recorded = ours.entry, there != recorded {
        noteChanged(place, there?.difference(from: recorded) ?? "it can't be read", true)
      }
      result.remove(place, seen.kind == .link ? .link : .file, seen: seen)
    default: result.problems.addBlocked(place, "it is something else than Mooring put there")
    }
  }

  /// Everything in a folder that we made, deepest first; `nil` where something in it is not ours, or was changed and
  /// may not be gone over.
  private mutating func claim(
    _ name: FileName, _ ours: InPlaceBranch, in folder: borrowing Folder, at place: RelativePath
  ) throws -> [RelativePath]? {
    var changed: [RelativePath] = []
    let known = try owned(name, ours, in: folder, at: place, changed: &changed)
    guard let known, changed.isEmpty || overwrites else { return nil }
    result.kept += changed
    return known
  }

  private func owned(
    _ name: FileName, _ ours: InPlaceBranch, in parent: borrowing Folder, at place: RelativePath,
    changed: inout [RelativePath]
  ) throws -> [RelativePath]? {
    let folder = try parent.folder(name)
    var known: [RelativePath] = []
    for child in try folder.names() {
      guard let branch = ours.children[child], let entry = branch.entry else { return nil }
      let path = try RelativePath("\(place)/\(child)")
      if entry.kind == .folder {
        guard try folder.entry(child)?.kind == .folder,
          let inner = try owned(child, branch, in: folder, at: path, changed: &changed)
        else { return nil }
        known += inner
      } else if try read(child, in: folder) != entry {
        let kind = try folder.entry(child)?.kind
        guard kind == .regular || kind == .link else { return nil }
        changed.append(path)
      }
      known.append(path)
    }
    return known
  }

  // MARK: What stands against it

  private func read(_ name: FileName, in folder: borrowing Folder) throws -> InPlaceEntry? {
    try InPlaceEntry.read(name, in: folder, contents: contents, limit: options.limits.fileBytes)
  }

  private mutating func noteChanged(_ place: RelativePath, _ how: String, _ isToBeKept: Bool) {
    if own.contains(ObjectName(place)) { return }
    if !overwrites {
      result.problems.addChanged(place, how)
    } else if isToBeKept {
      result.kept.append(place)
    }
  }

  private mutating func noteMissing(_ ours: InPlaceBranch, at place: RelativePath) {
    if !overwrites { result.problems.addChanged(place, "it was removed") }
  }

  private mutating func noteForeign(_ place: RelativePath, hasSameContent: Bool) {
    switch options.onForeign {
    case .replace: result.kept.append(place)
    case .adopt where hasSameContent: break
    case .adopt, .stop: result.problems.addForeign(place)
    }
  }
}
