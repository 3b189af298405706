import CLinux
import Glibc
import MooringModel

extension Folder {
  /// Opens a folder below this one, `[]` for itself, without following a link on the way.
  ///
  /// By one `openat2` that the kernel keeps below; before Linux 5.6, or where a sandbox forbids that call, name by name.
  borrowing func folder(beneath path: [FileName]) throws(Fault) -> Folder {
    let relative = path.isEmpty ? FileName(".") : FileName(path.map { Array($0.bytes) }.joined(separator: [0x2F]))
    let place = path.reduce(place) { "\($0)/\($1)" }
    let opened = mooring_open_beneath(descriptor, relative.terminated, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if opened >= 0 { return Folder(descriptor: opened, place: place) }
    let code = errno
    guard code == ENOSYS || code == EPERM else { throw .system(code, cannot: "open the folder", at: place) }
    return try folderNameByName(path[...])
  }

  borrowing func folderNameByName(_ path: ArraySlice<FileName>) throws(Fault) -> Folder {
    guard let name = path.first else { return try folder(".") }
    return try folder(name).folderNameByName(path.dropFirst())
  }

  /// Renames within the folder, where nothing has the new name.
  ///
  /// - Returns: Whether there was something to rename.
  @discardableResult
  borrowing func rename(_ name: FileName, toFree newName: FileName) throws(Fault) -> Bool {
    if mooring_rename_new(descriptor, name.terminated, newName.terminated) == 0 { return true }
    switch errno {
    case ENOENT: return false
    case EINVAL, ENOSYS:
      // A file system that can't; the look before leaves a moment, in which the environment's lock keeps us away.
      guard try entry(newName) == nil else { throw .system(EEXIST, cannot: "take its place", at: path(of: newName)) }
      try rename(name, to: newName)
      return true
    default: throw .system(errno, cannot: "take its place", at: path(of: newName))
    }
  }

  /// Gives a file or link a second name, so that the first can be replaced and still be gone back to.
  borrowing func keep(_ name: FileName, as copy: FileName, limit: Int) throws(Fault) {
    if linkat(descriptor, name.terminated, descriptor, copy.terminated, 0) == 0 { return }
    // Of others' files Linux may forbid that, and some file systems know no second names.
    guard [EPERM, EOPNOTSUPP, EMLINK, ENOSYS].contains(errno) else {
      throw .system(errno, cannot: "keep the old version", at: path(of: name))
    }
    if let target = try linkTarget(name) { return try makeLink(copy, to: FileName(target)) }
    guard let (bytes, entry) = try read(name, limit: limit) else {
      throw .system(EACCES, cannot: "keep the old version", at: path(of: name))
    }
    let account = Account(owner: entry.owner, group: entry.group)
    try write(bytes, to: copy, permissions: entry.permissions & 0o777, owner: account, durably: true)
  }

  /// Sets a folder's own attributes.
  borrowing func setAttributes(_ entry: InPlaceEntry) throws(Fault) {
    if let code = entry.account.give(descriptor) { throw .system(code, cannot: "set the owner", at: place) }
    try setPermissions(mode_t(entry.mode))
  }
}
