import Dispatch
import Synchronization

/// Somebody who does the same thing over and over on a thread of their own, until told to stop. Not on a task: on a
/// machine with two processors, two of them would leave no thread for anybody else's.
final class Meddler: Sendable {
  private let isOver = Atomic(false)
  private let total = Atomic(0)
  private let finished = DispatchSemaphore(value: 0)

  /// - Parameter act: Returns what to count.
  init(_ act: @escaping @Sendable () -> Int) {
    DispatchQueue(label: "meddler").async { [self] in
      while !isOver.load(ordering: .relaxed) { total.add(act(), ordering: .relaxed) }
      finished.signal()
    }
  }

  /// Stops, and returns the count.
  func stop() -> Int {
    isOver.store(true, ordering: .relaxed)
    finished.wait()
    return total.load(ordering: .relaxed)
  }
}
