import MooringModel

/// A release as it is to lie in a root: its tree without the attributes file, and with the attributes resolved on this
/// machine.
struct InPlaceTree: Sendable {
  struct Node: Sendable {
    var name: FileName
    var entry: InPlaceEntry
    /// Of a link where it leads.
    var target: FileName?
    /// Of a folder what is in it, sorted by name.
    var children: [Node] = []

    var isFolder: Bool { entry.kind == .folder }
  }

  let top: [Node]
  /// Files and links.
  let count: Int

  /// - Throws: `Fault` of what can't lie in a root, of a rule that is none, of a user or group that isn't there.
  init(of contents: any ReleaseContents, options: HostTargetOptions) throws {
    let tree = try ReleaseTree(of: Deployed(contents: contents), options: options)
    var builder = Builder(contents: contents, rules: try Self.rules(of: contents) + options.attributes)
    top = try tree.top.children.map { try builder.node($0, in: []) }
    count = tree.fileCount
  }

  /// The folders and files as an inventory would have them, all of them as if made by us.
  var branch: InPlaceBranch { InPlaceBranch(items) }

  private var items: [InPlaceInventory.Item] {
    var items: [InPlaceInventory.Item] = []
    func collect(_ nodes: [Node], below path: String) {
      for node in nodes {
        let place = path + node.name.description
        if let path = try? RelativePath(place) { items.append(.init(path: path, entry: node.entry)) }
        collect(node.children, below: place + "/")
      }
    }
    collect(top, below: "")
    return items
  }

  private static func rules(of contents: any ReleaseContents) throws -> [AttributeRule] {
    guard let file = try contents.files().first(where: { $0.path.string == AttributeRule.fileName }) else { return [] }
    guard file.kind != .link else {
      throw Fault(
        .refusedContent, "the attributes are a link", at: AttributeRule.fileName, remedy: "make it a plain file")
    }
    return try AttributeRule.rules(in: contents.read(file.content))
  }
}

extension InPlaceTree {
  /// The release without its attributes file.
  struct Deployed: ReleaseContents {
    let contents: any ReleaseContents

    var digest: ReleaseDigest { contents.digest }
    func files() throws -> [ReleaseFile] {
      try contents.files().filter { $0.path.string != AttributeRule.fileName }
    }
    func read(_ content: ContentID) throws -> [UInt8] { try contents.read(content) }
    func identity(of bytes: [UInt8]) throws -> ContentID { try contents.identity(of: bytes) }
  }

  private struct Builder {
    let contents: any ReleaseContents
    let rules: [AttributeRule]
    var accounts = AccountLookup()

    init(contents: any ReleaseContents, rules: [AttributeRule]) {
      self.contents = contents
      self.rules = rules
    }

    mutating func node(_ node: ReleaseTree.Node, in path: [FileName]) throws -> Node {
      let path = path + [node.name]
      try Self.refuseOurs(node.name, at: path)
      switch node.content {
      case .folder(let branch):
        let (mode, account) = try attributes(of: path, isFolder: true, usual: 0o755)
        return Node(
          name: node.name, entry: .folder(mode: mode, account),
          children: try branch.children.map { try self.node($0, in: path) })
      case .file(let content, let executable):
        let (mode, account) = try attributes(of: path, isFolder: false, usual: executable ? 0o755 : 0o644)
        return Node(name: node.name, entry: .file(content, mode: mode, account))
      case .link(let target), .persistent(let target):
        return Node(
          name: node.name, entry: .link(try contents.identity(of: Array(target.bytes))), target: target)
      }
    }

    private mutating func attributes(
      of path: [FileName], isFolder: Bool, usual: UInt32
    ) throws(Fault) -> (UInt32, Account) {
      let declared = AttributeRule.attributes(of: path.map { Array($0.bytes) }, isFolder: isFolder, by: rules)
      let place = path.map(\.description).joined(separator: "/")
      return (declared.mode.map { UInt32($0) } ?? usual, try accounts.account(of: declared, at: place))
    }

    private static func refuseOurs(_ name: FileName, at path: [FileName]) throws(Fault) {
      let isOurs =
        name == FileName(AttributeRule.fileName) || name == InPlaceStore.folderName
        || name.hasPrefix(InPlaceIntent.newPrefix) || name.hasPrefix(InPlaceIntent.oldPrefix)
        || name.hasPrefix(PutBack.prefix)
      guard isOurs else { return }
      let isAttributes = name == FileName(AttributeRule.fileName)
      throw Fault(
        .refusedContent,
        isAttributes ? "attributes are read at the top of the release only" : "a name that Mooring keeps for itself",
        at: path.map(\.description).joined(separator: "/"),
        remedy: isAttributes ? "move the rules to the file at the top" : "rename it in the repository")
    }
  }
}
