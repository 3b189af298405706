internal import CLibgit2
internal import CLinux
internal import Glibc

extension Repository {
  /// More references than this are moved under one sync of the file system, instead of two syncs for each.
  static let mostSyncedReferences = 4

  /// Points references at objects, wherever they pointed; all of it is durable when this returns.
  ///
  /// Throws as `forceReference` does, and then those that come later are where they were.
  public func forceReferences(_ moves: [(name: String, id: ObjectID)], log: String) throws(GitError) {
    guard moves.count > Self.mostSyncedReferences else {
      for (name, id) in moves { try forceReference(name, to: id, log: log) }
      return
    }
    try guardingReferences { () throws(GitError) in
      for (name, id) in moves { try moveUnsynced(name, to: id) }
    }
    let operation = "make \(moves.count) references durable"
    let folder = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Self.failure(operation) }
    defer { close(folder) }
    guard mooring_syncfs(folder) == 0 else { throw Self.failure(operation) }
  }

  private func moveUnsynced(_ name: String, to id: ObjectID) throws(GitError) {
    let edit = ReferenceEdit(target: id, expected: .anything, log: "")
    let operation = edit.operation(on: name)
    try Self.requireReferenceName(name, operation)
    guard contains(id) else { throw GitError(.notFound, "there is no object \(id)", operation: operation) }
    try editingGuarded(name) { () throws(GitError) in
      try locked { (handle) throws(GitError) in
        let lock = try ReferenceLock(path + name, operation)
        if try ReferenceEdit.directTarget(of: name, in: handle, operation) == nil {
          try ReferenceEdit.requireRoom(for: name, in: handle, operation)
        }
        try lock.commit(Array("\(id.hex)\n".utf8), operation)
      }
    }
  }

  static func failure(_ operation: String) -> GitError {
    // A file where a folder is needed: the reference `refs/heads/a` is in the way of `refs/heads/a/b`.
    GitError(errno == ENOTDIR ? .conflict : .unreadable, String(cString: strerror(errno)), operation: operation)
  }
}

/// The lock file of a loose reference, as Git's own programs respect it; taken away again unless it is committed. `deinit` runs also
/// when `init` throws, and must leave the lock of another program alone.
private final class ReferenceLock {
  private let path: String
  private var lockPath: String { path + ".lock" }
  private var descriptor: Int32
  private var isHeld = false

  init(_ path: String, _ operation: String) throws(GitError) {
    self.path = path
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    descriptor = Glibc.open(path + ".lock", flags, 0o666)
    if descriptor < 0 && errno == ENOENT {
      try Self.makeFolders(above: path, operation)
      descriptor = Glibc.open(path + ".lock", flags, 0o666)
    }
    guard descriptor < 0 else {
      isHeld = true
      return
    }
    guard errno != EEXIST else { throw GitError(.locked, "another program holds its lock", operation: operation) }
    throw Repository.failure(operation)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if isHeld { unlink(lockPath) }
  }

  func commit(_ bytes: [UInt8], _ operation: String) throws(GitError) {
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw Repository.failure(operation) }
    let closed = close(descriptor)
    descriptor = -1
    // An empty folder stays where references below this name were deleted.
    let isMoved =
      closed == 0 && (rename(lockPath, path) == 0 || errno == EISDIR && rmdir(path) == 0 && rename(lockPath, path) == 0)
    guard isMoved else { throw Repository.failure(operation) }
    isHeld = false
  }

  private static func makeFolders(above path: String, _ operation: String) throws(GitError) {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST else { throw Repository.failure(operation) }
    }
  }
}
