import CLinux
import Glibc
import Synchronization

/// A thread that waits in the kernel for as long as a watch lasts. Ended with `stop`, or with its last reference.
final class WatchThread: Sendable {
  private let signal = StopSignal()
  /// `nil` after it was joined, and where it couldn't be started.
  private let thread = Mutex<pthread_t?>(nil)

  /// What the new thread is given.
  private final class Start {
    let name: String
    let isUrgent: Bool
    let body: @Sendable (StopSignal) -> Void
    let signal: StopSignal

    init(_ name: String, _ isUrgent: Bool, _ signal: StopSignal, _ body: @escaping @Sendable (StopSignal) -> Void) {
      (self.name, self.isUrgent, self.signal, self.body) = (name, isUrgent, signal, body)
    }
  }

  /// - Parameters:
  ///   - name: At most 15 bytes, for `ps -L`.
  ///   - body: Returns soon after the signal was given, and doesn't keep this thread's last reference.
  init(_ name: String, isUrgent: Bool, _ body: @escaping @Sendable (StopSignal) -> Void) {
    guard signal.isUsable else { return }
    let start = Unmanaged.passRetained(Start(name, isUrgent, signal, body))
    var started = pthread_t()
    let code = pthread_create(
      &started, nil,
      { given in
        guard let given else { return nil }
        let start = Unmanaged<Start>.fromOpaque(given).takeRetainedValue()
        mooring_begin_thread(start.name, start.isUrgent ? 1 : 0)
        start.body(start.signal)
        return nil
      }, start.toOpaque())
    if code == 0 { thread.withLock { $0 = started } } else { start.release() }
  }

  deinit { stop() }

  /// Whether it could be started.
  var isRunning: Bool { thread.withLock { $0 != nil } }

  /// Ends it and waits until it has ended.
  func stop() {
    signal.give()
    thread.withLock { thread in
      if let thread { pthread_join(thread, nil) }
      thread = nil
    }
  }
}
