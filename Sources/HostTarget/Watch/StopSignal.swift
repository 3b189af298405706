import CLinux
import Glibc
import Synchronization

/// What ends a thread that waits for descriptors.
final class StopSignal: Sendable {
  private let descriptor = mooring_eventfd()
  private let given = Atomic(false)

  deinit { if descriptor >= 0 { close(descriptor) } }

  var isGiven: Bool { given.load(ordering: .acquiring) }

  func give() {
    given.store(true, ordering: .releasing)
    var one: UInt64 = 1
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// Waits, for as long as it takes, until one of the descriptors has something to read.
  ///
  /// - Parameter urgent: One more that is ready where it has exceptional news; see poll(2).
  /// - Returns: Whether the signal hasn't been given.
  func wait(for descriptors: [Int32], urgent: Int32 = -1) -> Bool {
    var entries = (descriptors + [descriptor]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    entries.append(pollfd(fd: urgent, events: Int16(POLLPRI), revents: 0))
    // Without a descriptor of its own (too many are open) it couldn't be stopped.
    guard descriptor >= 0 else { return false }
    while poll(&entries, nfds_t(entries.count), -1) < 0 {
      guard errno == EINTR else { return false }
    }
    return !isGiven
  }
}
