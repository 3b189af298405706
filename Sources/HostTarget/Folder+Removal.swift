import Glibc
import MooringModel

extension Folder {
  /// Each level of a tree that is being removed costs a descriptor.
  private static let depthLimit = 512

  /// Removes a whole tree, or a file or link, never following one. Nothing of this name is no failure.
  borrowing func removeTree(_ name: FileName, depth: Int = 0) throws(Fault) {
    guard depth < Self.depthLimit else {
      throw Fault(.limit, "folders are nested too deeply to remove", at: place, remedy: "remove them by hand")
    }
    // Linux refuses to remove a mount point before it looks whether it is empty; so what is mounted below is found
    // here, before anything in it is touched.
    if unlinkat(descriptor, name.terminated, AT_REMOVEDIR) == 0 { return }
    switch errno {
    case ENOENT: return
    case ENOTDIR: return try removeFile(name)
    case ENOTEMPTY, EEXIST: break
    case EBUSY:
      throw Fault(
        .target, "can't remove it: a file system is mounted there", at: path(of: name),
        remedy: "unmount it; what is to outlive a release belongs under the persistent paths")
    default: throw .system(errno, cannot: "remove the folder", at: path(of: name))
    }
    try empty(folder(name), depth: depth)
    guard unlinkat(descriptor, name.terminated, AT_REMOVEDIR) == 0 || errno == ENOENT else {
      throw .system(errno, cannot: "remove the folder", at: path(of: name))
    }
  }

  private borrowing func empty(_ folder: consuming Folder, depth: Int) throws(Fault) {
    // Folders of a release are read-only, which binds everybody but root.
    try folder.setPermissions(0o700)
    for child in try folder.names() { try folder.removeTree(child, depth: depth + 1) }
  }
}

extension Folder {
  /// Removes a folder where it is empty.
  ///
  /// - Returns: Whether it is gone.
  borrowing func removeEmptyFolder(_ name: FileName) throws(Fault) -> Bool {
    if unlinkat(descriptor, name.terminated, AT_REMOVEDIR) == 0 { return true }
    switch errno {
    case ENOENT: return true
    case ENOTEMPTY, EEXIST: return false
    default: throw .system(errno, cannot: "remove the folder", at: path(of: name))
    }
  }
}
