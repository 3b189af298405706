import Glibc
import MooringModel

/// Writes a release's tree into a folder that nobody else knows yet.
struct ReleaseWriter {
  static let filePermissions: mode_t = 0o444
  static let executablePermissions: mode_t = 0o555
  static let folderPermissions: mode_t = 0o555

  let contents: any ReleaseContents
  private var budget: ReleaseBudget

  init(contents: any ReleaseContents, limits: HostTargetOptions.Limits) {
    self.contents = contents
    budget = ReleaseBudget(limits: limits)
  }

  /// Fills `folder` and everything below it; the folders get their permissions when they are full.
  ///
  /// - Parameter path: What leads to `folder` in the release, with a `/` at its end where it isn't empty.
  mutating func write(_ branch: ReleaseTree.Branch, into folder: borrowing Folder, path: String = "") throws {
    try Task.checkCancellation()
    for child in branch.children {
      switch child.content {
      case .folder(let inner):
        try write(inner, into: folder.newFolder(child.name), path: "\(path)\(child.name)/")
      case .file(let content, let executable):
        let bytes = try contents.read(content)
        try budget.check(bytes, at: "\(path)\(child.name)")
        try folder.write(
          bytes, to: child.name, permissions: executable ? Self.executablePermissions : Self.filePermissions)
      case .link(let target), .persistent(let target): try folder.makeLink(child.name, to: target)
      }
    }
    try folder.setPermissions(Self.folderPermissions)
  }
}
