import Glibc
import MooringModel

/// The lock of an environment: whoever holds it may append to its journal and touch its target.
///
/// It is a `flock` on a file, so that it ends with its process however that ends. A second file, locked while somebody
/// waits, lets the holder know that it should let go at the next border.
final class EnvironmentLock: Sendable {
  private let descriptor: Int32
  private let waitingPath: String

  private init(descriptor: Int32, waitingPath: String) {
    self.descriptor = descriptor
    self.waitingPath = waitingPath
  }

  deinit { close(descriptor) }

  /// Waits for the lock, for at most `limit`.
  ///
  /// - Parameter insisting: The holder is asked to let go at the next border; otherwise it isn't disturbed.
  static func acquire(
    _ path: String, within limit: Duration, insisting: Bool, announce: @Sendable () -> Void
  ) async throws
    -> EnvironmentLock
  {
    let waitingPath = path + ".waiting"
    let descriptor = try open(path + ".lock")
    var isOurs = false
    defer { if !isOurs { close(descriptor) } }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let waiting = try open(waitingPath)
      defer { close(waiting) }
      if insisting { flock(waiting, LOCK_SH) }
      announce()
      let deadline = ContinuousClock.now + limit
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        guard ContinuousClock.now < deadline else {
          throw Fault(
            .busy, "another process is working on this environment", at: path,
            remedy: "wait for it, or see which one it is with `fuser \(path).lock`")
        }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    isOurs = true
    return EnvironmentLock(descriptor: descriptor, waitingPath: waitingPath)
  }

  /// Whether another process or task waits for this lock.
  var isWanted: Bool {
    guard let waiting = try? Self.open(waitingPath) else { return false }
    defer { close(waiting) }
    return flock(waiting, LOCK_EX | LOCK_NB) != 0
  }

  private static func open(_ path: String) throws -> Int32 {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Fault(
        .state, "can't open the lock: \(String(cString: strerror(errno)))", at: path,
        remedy: "see that the state directory can be written")
    }
    return descriptor
  }
}
