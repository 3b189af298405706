import CLinux
import Glibc
import MooringModel
import Synchronization

/// What one thread has read and another is to look at. When it is full, it forgets everything and says so.
final class NoticeQueue: Sendable {
  static let limit = 65_536

  let descriptor: Int32
  private let waiting = Mutex<[FolderNotice]>([])

  init() throws(WatchRefusal) {
    descriptor = mooring_eventfd()
    guard descriptor >= 0 else { throw WatchRefusal(errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func add(_ notices: [FolderNotice]) {
    waiting.withLock { waiting in
      if waiting.count + notices.count > Self.limit { waiting = [.lost(at: .now)] } else { waiting += notices }
    }
    var one: UInt64 = 1
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  func take() -> [FolderNotice] {
    var count: UInt64 = 0
    _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    return waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }
}
