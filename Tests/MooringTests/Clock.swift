import Mooring
import MooringModel
import Synchronization

/// A clock that a test sets.
final class Clock: Sendable {
  private let milliseconds: Mutex<Int64>

  init(_ start: Int64 = 1_800_000_000_000) { milliseconds = Mutex(start) }

  func move(by seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }

  var time: Time {
    Time(now: { Timestamp(milliseconds: self.milliseconds.withLock { $0 }) }, sleep: Time.system.sleep)
  }
}
