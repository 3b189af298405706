internal import Glibc

/// Keeps the reference edits of all our processes on one local repository apart, and so makes the locks of those that
/// were killed recognisable.
///
/// Git locks a reference by a file `<reference>.lock` beside it. A process that is killed leaves it there, and then
/// everybody is refused for ever: nobody can tell it from the lock of a process that lives. Ours hold a `flock` besides,
/// which ends with its process. Whoever has it, and meets a lock file that stays as it is for longer than any edit by
/// Git's own programs takes, may remove it. A remote has other users, who know nothing of this: there only the lock that
/// a note in the guard's file names is ours to remove.
struct ReferenceGuard {
  static let fileName = "mooring.references"
  /// How many microseconds a lock file must stay the same to be a dead process's.
  private static let patience: UInt32 = 1_000_000

  private let descriptor: Int32
  private let operation: String

  /// Waits until no other process or thread of ours edits references of the repository in this folder.
  init(of repository: String) throws(GitError) {
    operation = "keep others from the references of \(repository)"
    let path = repository + Self.fileName
    let known = open(path, O_RDWR | O_CLOEXEC)
    descriptor = known >= 0 ? known : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    try require(descriptor >= 0)
    // A note in a file that a power failure takes along names nothing.
    if known < 0 { try makeNamesDurable(in: repository) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno != EINTR else { continue }
      defer { close(descriptor) }
      try require(false)
    }
  }

  func release() { close(descriptor) }

  /// Edits a reference of a remote, after removing the lock that a process which was killed in here has left there.
  ///
  /// - Parameter path: The reference's file.
  func editing<Result>(remote path: String, _ body: () throws(GitError) -> Result) throws(GitError) -> Result {
    let left = try note()
    if !left.isEmpty { Self.removeStaleLock(of: left) }
    try setNote(path)
    let result = Swift.Result { () throws(GitError) in try body() }
    try setNote("")
    return try result.get()
  }

  /// Removes a lock that a killed process left; one that changes meanwhile is somebody's who lives.
  ///
  /// - Parameter path: The reference's file, without `.lock`.
  /// - Returns: Whether there is no lock now.
  @discardableResult
  static func removeStaleLock(of path: String) -> Bool {
    guard let before = LockFile(path + ".lock") else { return true }
    usleep(patience)
    guard let after = LockFile(path + ".lock") else { return true }
    return before == after && unlink(path + ".lock") == 0
  }

  private func note() throws(GitError) -> String {
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    try require(count >= 0)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  private func setNote(_ text: String) throws(GitError) {
    let bytes = Array(text.utf8)
    try require(ftruncate(descriptor, 0) == 0)
    try require(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count)
    try require(fdatasync(descriptor) == 0)
  }

  private func makeNamesDurable(in folder: String) throws(GitError) {
    let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if opened >= 0 { close(opened) } }
    guard opened >= 0, fsync(opened) == 0 else {
      close(descriptor)
      return try require(false)
    }
  }

  private func require(_ success: Bool) throws(GitError) {
    guard !success else { return }
    throw GitError(.unreadable, String(cString: strerror(errno)), operation: operation)
  }
}

/// By what a lock file that was made again is told from the one before.
private struct LockFile: Equatable {
  let inode: ino_t
  let size: off_t
  let seconds: Int
  let nanoseconds: Int

  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    inode = status.st_ino
    size = status.st_size
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
