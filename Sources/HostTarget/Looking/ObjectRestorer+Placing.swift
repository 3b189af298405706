import CLinux
import Glibc
import MooringModel

extension ObjectRestorer {
  /// Puts what was prepared in its place, and what was there out of the way.
  borrowing func place(_ item: PutBack) throws -> PutBack.Outcome {
    let parent = try top.folder(beneath: item.folder)
    if item.isFolder, item.before?.stamp.isFolder == true { return try setAttributes(item, in: parent) }
    let source = try source(beside: parent)
    let outcome = try parent.whileWritable { (parent) throws(Fault) in
      if item.record == nil { return Self.move(item.name, from: parent, to: item.temporary, in: source.folder) }
      if item.before == nil { return Self.move(item.temporary, from: source.folder, to: item.name, in: parent) }
      return Self.exchange(item.temporary, in: source.folder, with: item.name, in: parent)
    }
    guard outcome == 0 else { return try giveUp(item, outcome, in: source.folder, parent) }
    if item.before != nil, !(try accept(item, in: source.folder, parent)) { return .changed }
    if item.isFolder { try finishFolder(item, in: parent) }
    try parent.sync()
    return .restored
  }

  /// What was in the place isn't there, or something is where nothing was; or the file system refuses.
  private borrowing func giveUp(
    _ item: PutBack, _ code: Int32, in source: borrowing Folder, _ parent: borrowing Folder
  ) throws -> PutBack.Outcome {
    if item.record != nil { try source.removeTree(item.temporary) }
    let isChanged = item.before == nil ? code == EEXIST : code == ENOENT
    guard isChanged else { throw Fault.system(code, cannot: "put it back", at: parent.path(of: item.name)) }
    return item.record == nil ? .right : .changed
  }

  /// Looks at what came out, and puts it away; or back, where it isn't what was seen.
  private borrowing func accept(
    _ item: PutBack, in source: borrowing Folder, _ parent: borrowing Folder
  ) throws -> Bool {
    do {
      guard item.isSame(try sight(item.temporary, of: item, in: source)) else {
        try goBack(item, in: source, parent)
        return false
      }
      try kept?.keep(item.temporary, of: item.path, in: source)
    } catch {
      try goBack(item, in: source, parent)
      throw error
    }
    try source.removeTree(item.temporary)
    return true
  }

  private borrowing func goBack(_ item: PutBack, in source: borrowing Folder, _ parent: borrowing Folder) throws {
    let code = try parent.whileWritable { (parent) throws(Fault) in
      if item.record == nil { return Self.move(item.temporary, from: source, to: item.name, in: parent) }
      return Self.exchange(item.temporary, in: source, with: item.name, in: parent)
    }
    guard code == 0 else {
      throw Fault(
        .target, "what somebody changed meanwhile could not be put back: it is \(source.path(of: item.temporary))",
        at: parent.path(of: item.name), remedy: "move it back by hand")
    }
    if item.record != nil { try source.removeTree(item.temporary) }
    try parent.sync()
  }

  // MARK: Folders

  private borrowing func finishFolder(_ item: PutBack, in parent: borrowing Folder) throws {
    guard let record = item.record else { return }
    try parent.folder(item.name).setAttributes(.folder(mode: record.mode, item.account))
  }

  private borrowing func setAttributes(_ item: PutBack, in parent: borrowing Folder) throws -> PutBack.Outcome {
    guard let record = item.record, let before = item.before else { return .right }
    guard let entry = try parent.entry(item.name), entry.kind == .folder, entry.inode == before.stamp.inode,
      UInt32(entry.permissions) == before.stamp.permissions, entry.owner == before.stamp.owner,
      entry.group == before.stamp.group
    else { return .changed }
    // Without the right to read it can't be opened; whoever owns it may give that right first.
    let folder = try parent.folder(item.name)
    try folder.setAttributes(.folder(mode: record.mode, item.account))
    try folder.sync()
    return .restored
  }

  // MARK: Renames

  /// - Returns: The error's code, 0 where it was done.
  private static func move(
    _ name: FileName, from folder: borrowing Folder, to newName: FileName, in newFolder: borrowing Folder
  ) -> Int32 {
    let (from, to) = (folder.descriptor, newFolder.descriptor)
    if mooring_move_new(from, name.terminated, to, newName.terminated) == 0 { return 0 }
    guard errno == EINVAL || errno == ENOSYS else { return errno }
    // A file system that can't; the look before leaves a moment.
    var status = stat()
    if fstatat(to, newName.terminated, &status, AT_SYMLINK_NOFOLLOW) == 0 { return EEXIST }
    return renameat(from, name.terminated, to, newName.terminated) == 0 ? 0 : errno
  }

  private static func exchange(
    _ name: FileName, in folder: borrowing Folder, with other: FileName, in otherFolder: borrowing Folder
  ) -> Int32 {
    let (one, two) = (folder.descriptor, otherFolder.descriptor)
    if mooring_exchange_between(one, name.terminated, two, other.terminated) == 0 { return 0 }
    guard errno == EINVAL || errno == ENOSYS else { return errno }
    // A file system that can't: there is a moment without either.
    let aside = FileName(name.description + "-aside")
    let code = move(other, from: otherFolder, to: aside, in: folder)
    if code != 0 { return code }
    let failure = move(name, from: folder, to: other, in: otherFolder)
    guard failure == 0 else {
      _ = move(aside, from: folder, to: other, in: otherFolder)
      return failure
    }
    return move(aside, from: folder, to: name, in: folder)
  }
}

extension Folder {
  /// Runs something that makes or takes names in this folder, which may be read-only for everybody but root.
  borrowing func whileWritable<Result>(
    _ body: (borrowing Folder) throws(Fault) -> Result
  ) throws(Fault) -> Result {
    let permissions = try ownEntry().permissions
    guard geteuid() != 0, permissions & 0o300 != 0o300 else { return try body(self) }
    try setPermissions(permissions | 0o300)
    let result: Result
    do throws(Fault) {
      result = try body(self)
    } catch {
      try setPermissions(permissions)
      throw error
    }
    try setPermissions(permissions)
    return result
  }
}
