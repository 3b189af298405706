import CLinux
import Glibc
import MooringModel

/// The file of the write-ahead log and the lock on it. One process at a time holds the lock while it appends, applies
/// what it appended, and lets go.
final class LogFile {
  private let path: String
  private let descriptor: Int32
  private let marker: Int32

  /// Opens or creates the log.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("open", path) }
    marker = open(path + ".applied", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard marker >= 0 else {
      let failure = Self.failure("open", path + ".applied")
      close(descriptor)
      throw failure
    }
  }

  deinit {
    close(descriptor)
    close(marker)
  }

  func withLock<Result>(_ body: () throws -> Result) throws -> Result {
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw Self.failure("lock", path) }
    }
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }

  /// Runs the body only if nobody else holds the lock now.
  func withLockIfFree(_ body: () throws -> Void) throws {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    defer { flock(descriptor, LOCK_UN) }
    try body()
  }

  func size() throws -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure("read the size of", path) }
    return Int(status.st_size)
  }

  func read() throws -> [UInt8] {
    let count = try size()
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let read = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress! + done, count - done, off_t(done)) }
      if read < 0 && errno == EINTR { continue }
      guard read > 0 else { throw Self.failure("read", path) }
      done += read
    }
    return bytes
  }

  /// Appends and makes durable; on any failure the file is as it was.
  func append(_ bytes: [UInt8]) throws {
    let before = try size()
    do {
      try write(bytes, at: before)
      guard fdatasync(descriptor) == 0 else { throw Self.failure("make durable", path) }
      if before == 0 { try synchroniseName() }
    } catch {
      _ = ftruncate(descriptor, off_t(before))
      throw error
    }
  }

  /// A log whose name isn't durable, because it was just made, would lose all that is durable in it.
  private func synchroniseName() throws {
    let folder = open(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) + "/.", O_RDONLY | O_DIRECTORY)
    guard folder >= 0 else { throw Self.failure("open the folder of", path) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw Self.failure("make durable", path) }
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let wrote = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + done, bytes.count - done, off_t(offset + done))
      }
      if wrote < 0 && errno == EINTR { continue }
      guard wrote > 0 else { throw Self.failure("write", path) }
      done += wrote
    }
  }

  func truncate(to size: Int) throws {
    guard ftruncate(descriptor, off_t(size)) == 0, fsync(descriptor) == 0 else {
      throw Self.failure("shorten", path)
    }
  }

  /// Makes everything on the log's file system durable: objects, references, and what else was written before.
  func synchroniseFileSystem() throws {
    guard mooring_syncfs(descriptor) == 0 else { throw Self.failure("make durable what is around", path) }
  }

  /// How much of the log this boot of the machine has applied to Git. It is only a hint that spares work: after a power
  /// failure the boot differs, and everything is applied again.
  var appliedBytes: Int {
    get {
      var bytes = [UInt8](repeating: 0, count: 128)
      let count = pread(marker, &bytes, bytes.count, 0)
      guard count > 0 else { return 0 }
      let fields = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
      guard fields.count >= 2, fields[0] == MachineBoot.identifier else { return 0 }
      return Int(fields[1]) ?? 0
    }
    set {
      let text = Array("\(MachineBoot.identifier) \(newValue) ".utf8)
      _ = pwrite(marker, text, text.count, 0)
    }
  }

  private static func failure(_ verb: String, _ path: String) -> Fault {
    let reason = String(cString: strerror(errno))
    return Fault(
      .journal, "can't \(verb) the journal's log: \(reason)", at: path,
      remedy: "see that the disk has space and that the state directory can be written")
  }
}
