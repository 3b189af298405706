import Glibc
import MooringModel

/// Compares a folder with what a release has to be: names, kinds, permissions, and every byte.
struct ReleaseVerifier {
  let contents: any ReleaseContents
  let limits: HostTargetOptions.Limits

  /// The first path that differs; `nil` where nothing does. Holds one folder's names and one file at a time.
  func difference(of folder: borrowing Folder, from branch: ReleaseTree.Branch) throws -> String? {
    try Task.checkCancellation()
    let names = try folder.names().sorted()
    for (name, child) in zip(names, branch.children) where name != child.name {
      return folder.path(of: min(name, child.name))
    }
    let common = min(names.count, branch.children.count)
    if let odd = names.dropFirst(common).first ?? branch.children.dropFirst(common).first?.name {
      return folder.path(of: odd)
    }
    for child in branch.children {
      if let place = try difference(of: child, in: folder) { return place }
    }
    return nil
  }

  /// To be asked before a folder is opened: one whose permissions were taken away can't be.
  static func isReleaseFolder(_ entry: Folder.Entry) -> Bool {
    entry.kind == .folder && entry.permissions == ReleaseWriter.folderPermissions
  }

  private func difference(of node: ReleaseTree.Node, in folder: borrowing Folder) throws -> String? {
    let isSame: Bool
    switch node.content {
    case .folder(let branch):
      guard let entry = try folder.entry(node.name), Self.isReleaseFolder(entry) else {
        return folder.path(of: node.name)
      }
      return try difference(of: folder.folder(node.name), from: branch)
    case .file(let content, let executable):
      isSame = try isFile(node.name, in: folder, content, executable: executable)
    case .link(let target), .persistent(let target):
      isSame = try folder.linkTarget(node.name).map { FileName($0) } == target
    }
    return isSame ? nil : folder.path(of: node.name)
  }

  private func isFile(
    _ name: FileName, in folder: borrowing Folder, _ content: ContentID, executable: Bool
  ) throws -> Bool {
    guard let (bytes, entry) = try folder.read(name, limit: limits.fileBytes) else { return false }
    let permissions = executable ? ReleaseWriter.executablePermissions : ReleaseWriter.filePermissions
    return try entry.permissions == permissions && contents.identity(of: bytes) == content
  }
}
