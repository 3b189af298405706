import CLinux
import Glibc
import Synchronization

/// What ends a thread that waits for descriptors.
final class StopSignal: Sendable {
  private let descriptor = mooring_eventfd()
  private let given = Atomic(false)

  deinit { if descriptor >= 0 { close(descriptor) } }

  struct Readiness {
    /// Whether the urgent descriptor had news, which is said once.
    var isUrgent: Bool
  }

  /// Without a descriptor of its own (too many are open) nobody can wait for it.
  var isUsable: Bool { descriptor >= 0 }

  var isGiven: Bool { given.load(ordering: .acquiring) }

  func give() {
    given.store(true, ordering: .releasing)
    var one: UInt64 = 1
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// Waits, for as long as it takes, until one of the descriptors has something to read.
  ///
  /// - Parameter urgent: One more that is ready where it has exceptional news; see poll(2).
  /// - Returns: `nil` after the signal was given.
  func wait(for descriptors: [Int32], urgent: Int32 = -1) -> Readiness? {
    var entries = (descriptors + [descriptor]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    entries.append(pollfd(fd: urgent, events: Int16(POLLPRI), revents: 0))
    guard isUsable else { return nil }
    while poll(&entries, nfds_t(entries.count), -1) < 0 {
      guard errno == EINTR else { return nil }
    }
    return isGiven ? nil : Readiness(isUrgent: entries[entries.count - 1].revents != 0)
  }
}
