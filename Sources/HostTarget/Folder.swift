import CLinux
import Glibc
import MooringModel

/// An open folder. Everything below it is reached by single names relative to its descriptor, never by a path and never
/// through a link; so whatever anybody renames meanwhile, what is done is done inside the folder that was opened.
struct Folder: ~Copyable {
  let descriptor: Int32
  /// Its path when it was opened, for messages only.
  let place: String

  /// What a name stands for, itself and not what it links to.
  struct Entry {
    enum Kind { case regular, folder, link, other }
    var kind: Kind
    var permissions: mode_t
    var owner: uid_t
    var group: gid_t
    var size: Int
    var device: dev_t
    var inode: ino_t
    var modified: timespec

    init(_ status: stat) {
      kind =
        switch status.st_mode & S_IFMT {
        case S_IFREG: .regular
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
      permissions = status.st_mode & 0o7777
      owner = status.st_uid
      group = status.st_gid
      size = Int(status.st_size)
      device = status.st_dev
      inode = status.st_ino
      modified = status.st_mtim
    }
  }

  /// Opens a folder by its path, following links: only for the parent of the target's root, which is the operator's
  /// word.
  init(path: String) throws(Fault) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(errno, cannot: "open the folder", at: path) }
    place = path
  }

  init(descriptor: Int32, place: String) {
    self.descriptor = descriptor
    self.place = place
  }

  deinit { close(descriptor) }

  func path(of name: FileName) -> String { place == "/" ? "/\(name)" : "\(place)/\(name)" }

  /// Opens the folder of this name.
  borrowing func folder(_ name: FileName) throws(Fault) -> Folder {
    let opened = openat(descriptor, name.terminated, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    // Linux says ENOTDIR, not ELOOP, of a link that O_DIRECTORY and O_NOFOLLOW forbid.
    guard opened >= 0 else { throw .system(errno, cannot: "open the folder", at: path(of: name)) }
    return Folder(descriptor: opened, place: path(of: name))
  }

  /// Opens the folder of this name, made when it is missing.
  borrowing func folder(madeIfMissing name: FileName, permissions: mode_t) throws(Fault) -> Folder {
    guard mkdirat(descriptor, name.terminated, permissions) == 0 else {
      guard errno == EEXIST else { throw .system(errno, cannot: "make the folder", at: path(of: name)) }
      return try folder(name)
    }
    let made = try folder(name)
    // The service may run as somebody else, whatever our umask.
    try made.setPermissions(permissions)
    try sync()
    return made
  }

  /// Makes a folder that must not have been there, and opens it. Only we can enter it until it is given permissions.
  borrowing func newFolder(_ name: FileName) throws(Fault) -> Folder {
    guard mkdirat(descriptor, name.terminated, 0o700) == 0 else {
      throw .system(errno, cannot: "make the folder", at: path(of: name))
    }
    return try folder(name)
  }

  /// What a name stands for; `nil` where there is nothing.
  borrowing func entry(_ name: FileName) throws(Fault) -> Entry? {
    var status = stat()
    if fstatat(descriptor, name.terminated, &status, AT_SYMLINK_NOFOLLOW) == 0 { return Entry(status) }
    if errno == ENOENT { return nil }
    throw .system(errno, cannot: "look at it", at: path(of: name))
  }

  /// What the open folder itself is.
  borrowing func ownEntry() throws(Fault) -> Entry {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(errno, cannot: "look at it", at: place) }
    return Entry(status)
  }

  /// The target of a link, as bytes; `nil` where there is no link of this name.
  borrowing func linkTarget(_ name: FileName) throws(Fault) -> [UInt8]? {
    var failure: Int32 = 0
    let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      let size = buffer.withMemoryRebound(to: CChar.self) { path in
        path.baseAddress.map { readlinkat(descriptor, name.terminated, $0, path.count) } ?? 0
      }
      failure = size < 0 ? errno : 0
      count = max(0, size)
    }
    if failure == EINVAL || failure == ENOENT { return nil }
    guard failure == 0 else { throw .system(failure, cannot: "read the link", at: path(of: name)) }
    return target
  }

  /// The names in it, in no order, without `.` and `..`.
  borrowing func names() throws(Fault) -> [FileName] {
    // A descriptor of its own, since closedir closes what it is given, and a position of its own.
    let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard own >= 0 else { throw .system(errno, cannot: "list the folder", at: place) }
    guard let stream = fdopendir(own) else {
      let code = errno
      close(own)
      throw .system(code, cannot: "list the folder", at: place)
    }
    defer { closedir(stream) }
    var names: [FileName] = []
    errno = 0
    while let entry = readdir(stream) {
      if let name = Self.name(of: entry), name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw .system(errno, cannot: "list the folder", at: place) }
    return names
  }

  static func name(of entry: UnsafeMutablePointer<dirent>) -> FileName? {
    // The tuple that d_name is imported as may be read past its end by a copy; its address may not.
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
    let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
    return FileName(UnsafeRawBufferPointer(start: start, count: strlen(start)))
  }

  /// Makes the names in it durable.
  borrowing func sync() throws(Fault) {
    guard fsync(descriptor) == 0 else { throw .system(errno, cannot: "make the folder durable", at: place) }
  }

  /// Makes everything on the folder's file system durable.
  ///
  /// One `syncfs` rather than an `fsync` of each file: 1,000 files of 500 bytes took 0.04 to 0.3 s against 0.9 to 3.6 s
  /// (ext4, Linux 6.18, a virtual disk). It may wait for what others wrote too. A failed write is reported since Linux
  /// 5.8, to a descriptor that was open before the write.
  borrowing func syncFileSystem() throws(Fault) {
    guard mooring_syncfs(descriptor) == 0 else { throw .system(errno, cannot: "make the release durable", at: place) }
  }

  borrowing func setPermissions(_ permissions: mode_t) throws(Fault) {
    guard fchmod(descriptor, permissions) == 0 else { throw .system(errno, cannot: "set permissions", at: place) }
  }

  /// Renames within the folder, replacing a file or link of the new name.
  borrowing func rename(_ name: FileName, to newName: FileName) throws(Fault) {
    guard renameat(descriptor, name.terminated, descriptor, newName.terminated) == 0 else {
      throw .system(errno, cannot: "rename it to \(newName)", at: path(of: name))
    }
  }

  borrowing func makeLink(_ name: FileName, to target: FileName) throws(Fault) {
    guard symlinkat(target.terminated, descriptor, name.terminated) == 0 else {
      throw .system(errno, cannot: "make the link", at: path(of: name))
    }
  }

  /// Removes a file or link; nothing of this name is no failure.
  borrowing func removeFile(_ name: FileName) throws(Fault) {
    guard unlinkat(descriptor, name.terminated, 0) == 0 || errno == ENOENT else {
      throw .system(errno, cannot: "remove it", at: path(of: name))
    }
  }
}
