import Dispatch

/// What lets nobody pass until it is opened, and everybody from then on.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func pass() {
    semaphore.wait()
    semaphore.signal()
  }

  func open() { semaphore.signal() }

  // One who is waiting must not be left alone with a semaphore that is gone.
  deinit { semaphore.signal() }
}
