import Glibc

/// Lets one process at a time open the index, since SQLite lets two make the same tables side by side; and says whether
/// anybody has since the machine was started.
struct IndexLock: ~Copyable {
  private let descriptor: Int32

  /// Waits for it. A file that can't be made locks nothing.
  init(path: String) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    while descriptor >= 0, flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether the index was found whole since the machine was started: only a power failure tears what SQLite wrote.
  var knowsTheIndex: Bool {
    var bytes = [UInt8](repeating: 0, count: MachineBoot.identifier.utf8.count)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count == bytes.count && bytes.elementsEqual(MachineBoot.identifier.utf8)
  }

  /// Only a hint that spares work.
  func remember() {
    let bytes = Array(MachineBoot.identifier.utf8)
    _ = pwrite(descriptor, bytes, bytes.count, 0)
  }
}
