import Glibc
import MooringModel

/// Writes files, links and whole folders of a release under names of their own.
struct InPlaceWriter {
  private let contents: any ReleaseContents
  private let isDurable: Bool
  private var budget: ReleaseBudget

  /// - Parameter isDurable: Whether each file and new folder is made durable by itself.
  init(contents: any ReleaseContents, limits: HostTargetOptions.Limits, isDurable: Bool) {
    self.contents = contents
    self.isDurable = isDurable
    budget = ReleaseBudget(limits: limits)
  }

  mutating func write(
    _ node: InPlaceTree.Node, as name: FileName, in folder: borrowing Folder, at path: String
  ) throws {
    switch node.entry.kind {
    case .file:
      guard let content = node.entry.content else { return }
      let bytes = try contents.read(content)
      try budget.check(bytes, at: path)
      try folder.write(
        bytes, to: name, permissions: mode_t(node.entry.mode), owner: node.entry.account, durably: isDurable)
    case .link:
      if let target = node.target { try folder.makeLink(name, to: target) }
    case .folder:
      let made = try folder.newFolder(name)
      try Task.checkCancellation()
      for child in node.children { try write(child, as: child.name, in: made, at: "\(path)/\(child.name)") }
      try made.setAttributes(node.entry)
      if isDurable { try made.sync() }
    }
  }

  /// Copies a file or link to the same path below another folder, durably, readable by its owner only.
  static func copy(
    _ path: ArraySlice<FileName>, from folder: borrowing Folder, to copies: borrowing Folder, limit: Int
  ) throws {
    guard let name = path.first else { return }
    guard path.count == 1 else {
      let inner = try copies.folder(madeIfMissing: name, permissions: 0o700)
      try copy(path.dropFirst(), from: folder.folder(name), to: inner, limit: limit)
      return
    }
    if let target = try folder.linkTarget(name) {
      try copies.makeLink(name, to: FileName(target))
    } else if let (bytes, _) = try folder.read(name, limit: limit) {
      try copies.write(bytes, to: name, permissions: 0o600, durably: true)
    } else {
      throw Fault(
        .target, "no copy can be kept of it: it can't be read, or is larger than \(limit) bytes",
        at: folder.path(of: name), remedy: "move it away by hand")
    }
    try copies.sync()
  }
}
