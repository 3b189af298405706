import Glibc
import MooringModel

/// Writes a release's tree into a folder that nobody else knows yet.
struct ReleaseWriter {
  static let filePermissions: mode_t = 0o444
  static let executablePermissions: mode_t = 0o555
  static let folderPermissions: mode_t = 0o555

  let contents: any ReleaseContents
  let limits: HostTargetOptions.Limits
  private var totalBytes = 0

  init(contents: any ReleaseContents, limits: HostTargetOptions.Limits) {
    self.contents = contents
    self.limits = limits
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
        try check(bytes, at: "\(path)\(child.name)")
        try folder.write(
          bytes, to: child.name, permissions: executable ? Self.executablePermissions : Self.filePermissions)
      case .link(let target), .persistent(let target): try folder.makeLink(child.name, to: target)
      }
    }
    try folder.setPermissions(Self.folderPermissions)
  }

  private mutating func check(_ bytes: [UInt8], at place: String) throws(Fault) {
    totalBytes += bytes.count
    if bytes.count > limits.fileBytes || totalBytes > limits.totalBytes {
      let (what, limit) =
        bytes.count > limits.fileBytes ? ("the file", limits.fileBytes) : ("the release", limits.totalBytes)
      throw Fault(
        .limit, "\(what) is larger than \(limit) bytes", at: place,
        remedy: "keep large files out of the repository, or raise the limit")
    }
    if LFSPointer.isPointer(bytes) {
      throw Fault(
        .refusedContent, "a Git LFS pointer, not the file that it stands for", at: place,
        remedy: "commit the file itself, or leave it out of the environment's path")
    }
  }
}
