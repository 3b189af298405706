import CLinux
import Glibc
import MooringModel
import Synchronization

/// What one thread has read and another is to look at. When it is full, it forgets everything and says so.
final class NoticeQueue: Sendable {
  static let standardLimit = 65_536

  let descriptor: Int32
  private let limit: Int
  private let state = Mutex(State())

  private struct State {
    var waiting: [FolderNotice] = []
    /// Why there will be no more.
    var end: WatchRefusal?
  }

  init(limit: Int = standardLimit) throws(WatchRefusal) {
    self.limit = limit
    descriptor = mooring_eventfd()
    guard descriptor >= 0 else { throw WatchRefusal(errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func add(_ notices: [FolderNotice]) {
    state.withLock { state in
      if state.waiting.count + notices.count > limit {
        state.waiting = [.lost(at: .now)]
      } else {
        state.waiting += notices
      }
    }
    wake()
  }

  /// Says that whoever read can't read on.
  func end(_ reason: WatchRefusal) {
    state.withLock { $0.end = reason }
    wake()
  }

  /// - Throws: The reason of the end, when everything before it was taken.
  func take() throws(WatchRefusal) -> [FolderNotice] {
    var count: UInt64 = 0
    _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    let (notices, end) = state.withLock { state in
      defer { state.waiting = [] }
      return (state.waiting, state.end)
    }
    if let end {
      // The next one who asks is told.
      guard !notices.isEmpty else { throw end }
      wake()
    }
    return notices
  }

  private func wake() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }
}
