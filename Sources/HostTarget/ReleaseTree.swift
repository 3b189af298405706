import MooringModel

/// What a release's folder has to hold, exactly: a pure value, made once from the release's files and the persistent
/// paths.
struct ReleaseTree: Sendable {
  /// A folder's children, sorted by name, each name once.
  struct Branch: Sendable {
    var children: [Node] = []

    subscript(name: FileName) -> Node? {
      var (low, high) = (0, children.count)
      while low < high {
        let middle = (low + high) / 2
        if children[middle].name < name { low = middle + 1 } else { high = middle }
      }
      return low < children.count && children[low].name == name ? children[low] : nil
    }
  }

  struct Node: Sendable {
    enum Content: Sendable {
      case folder(Branch)
      case file(ContentID, executable: Bool)
      case link(to: FileName)
      /// A link of ours to what is kept outside the release.
      case persistent(linkTo: FileName)
    }

    var name: FileName
    var content: Content
  }

  /// Deeper releases are refused: an open folder a level, on a path that no service can want.
  static let depthLimit = 100

  let top: Branch
  /// Files and links, ours not counted.
  let fileCount: Int

  /// Linear in the number of files, for sorted files.
  ///
  /// - Throws: `Fault`: too many files, a path that is both a file and a folder, a release that contains a persistent
  ///   path, a link that leads outside.
  init(of contents: any ReleaseContents, options: HostTargetOptions) throws {
    let files = try contents.files()
    guard files.count <= options.limits.files else {
      throw Fault(
        .limit, "the release has \(files.count) files, and \(options.limits.files) are allowed",
        at: contents.digest.hex, remedy: "narrow the environment's path, or raise the limit")
    }
    var leaves: [Leaf] = []
    leaves.reserveCapacity(files.count + options.persistent.count)
    for file in files { leaves.append(Leaf(path: file.path, content: try Self.content(of: file, contents))) }
    leaves += options.persistent.map(Leaf.init(persistent:))
    leaves.sort { $0.path < $1.path }
    top = try Self.branch(of: leaves[...], skipping: 0, depth: 0)
    fileCount = files.count
    var links = LinkCheck(top: top)
    try links.check()
  }

  private static func content(of file: ReleaseFile, _ contents: any ReleaseContents) throws -> Node.Content {
    switch file.kind {
    case .regular: return .file(file.content, executable: false)
    case .executable: return .file(file.content, executable: true)
    case .link:
      let target = try contents.read(file.content)
      if target.isEmpty || target.contains(0) || target.count > LinkCheck.targetLimit {
        throw Fault(
          .refusedContent, "a symbolic link with an unusable target", at: file.path.string,
          remedy: "correct the link in the repository")
      }
      return .link(to: FileName(target))
    }
  }
}

extension ReleaseTree {
  /// Where our link to a persistent path leads: it lies as deep in `releases/<digest>` as its path has components before
  /// the last.
  static func target(ofPersistent path: RelativePath) -> FileName {
    let depth = path.string.utf8.count { $0 == UInt8(ascii: "/") }
    return FileName(String(repeating: "../", count: depth + 2) + "persistent/" + path.string)
  }

  /// A path with what stands there.
  private struct Leaf {
    var path: RelativePath
    var content: Node.Content

    init(path: RelativePath, content: Node.Content) {
      self.path = path
      self.content = content
    }

    init(persistent path: RelativePath) {
      self.init(path: path, content: .persistent(linkTo: ReleaseTree.target(ofPersistent: path)))
    }
  }

  /// The folder that holds `leaves`, which are sorted by path and share their first `prefix` bytes: so what lies in one
  /// folder stands together.
  private static func branch(of leaves: ArraySlice<Leaf>, skipping prefix: Int, depth: Int) throws(Fault) -> Branch {
    if depth > depthLimit, let leaf = leaves.first {
      throw Fault(
        .limit, "folders are nested more than \(depthLimit) deep", at: leaf.path.string,
        remedy: "flatten them in the repository")
    }
    var children: [Node] = []
    var rest = leaves
    while let leaf = rest.first {
      let bytes = leaf.path.string.utf8.dropFirst(prefix)
      guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else {
        children.append(Node(name: FileName(bytes), content: leaf.content))
        rest = rest.dropFirst()
        continue
      }
      let name = bytes[..<slash]
      let inside = rest.prefix { $0.path.string.utf8.dropFirst(prefix).starts(with: bytes[...slash]) }
      let folder = try branch(of: inside, skipping: prefix + name.count + 1, depth: depth + 1)
      children.append(Node(name: FileName(name), content: .folder(folder)))
      rest = rest[inside.endIndex...]
    }
    children.sort { $0.name < $1.name }
    try refuseDuplicates(in: children, of: leaves, prefix: prefix)
    return Branch(children: children)
  }

  private static func refuseDuplicates(
    in children: [Node], of leaves: ArraySlice<Leaf>, prefix: Int
  ) throws(Fault) {
    for (node, next) in zip(children, children.dropFirst()) where node.name == next.name {
      let folder = leaves.first.map { String(decoding: $0.path.string.utf8.prefix(prefix), as: UTF8.self) } ?? ""
      let path = "\(folder)\(node.name)"
      if node.holdsPersistent && next.holdsPersistent {
        throw Fault(
          .configuration, "a persistent path is listed twice, or lies in another", at: path,
          remedy: "list the outer one only")
      }
      if node.holdsPersistent || next.holdsPersistent {
        throw Fault(
          .refusedContent, "the release contains a path that is kept outside releases", at: path,
          remedy: "remove it from the repository, or from the target's persistent paths")
      }
      throw Fault(
        .refusedContent, "the release contains this path twice", at: path, remedy: "rename one in the repository")
    }
  }
}

extension ReleaseTree.Node {
  fileprivate var holdsPersistent: Bool {
    switch content {
    case .persistent: true
    case .folder(let branch): branch.children.contains { $0.holdsPersistent }
    case .file, .link: false
    }
  }
}
