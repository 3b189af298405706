import CLinux
import Glibc
import MooringModel
import Synchronization

/// Notices of fanotify(7) with the process that each is about. Needs `CAP_SYS_ADMIN` and Linux 5.9.
///
/// A thread of its own reads them and looks at the processes at once, before they are gone, and does nothing else; what
/// it has read waits in a queue for the thread that knows the folders.
final class FanotifyNotices: FolderNotices {
  private let queue: NoticeQueue
  private let reader: FanotifyReader
  private let thread: WatchThread

  init(authors: RootAuthors, pause: (@Sendable () -> Void)? = nil) throws(WatchRefusal) {
    queue = try NoticeQueue()
    reader = try FanotifyReader(authors: authors, queue: queue, pause: pause)
    thread = WatchThread("mooring-events", isUrgent: true) { [reader] stop in reader.run(until: stop) }
    guard thread.isRunning else { throw .limit }
  }

  var descriptor: Int32 { queue.descriptor }

  func end() { thread.stop() }

  func watch(_ folder: borrowing Folder, namesOnly: Bool) throws(WatchRefusal) -> FolderKey {
    guard mooring_fanotify_watch(reader.descriptor, folder.descriptor, namesOnly ? 1 : 0) == 0 else {
      throw WatchRefusal(errno)
    }
    let identity = [UInt8](unsafeUninitializedCapacity: Int(MOORING_IDENTITY_LIMIT)) { buffer, count in
      count = max(0, Int(mooring_folder_identity(folder.descriptor, buffer.baseAddress)))
    }
    guard !identity.isEmpty else { throw .unfit(errno) }
    return .identity(identity)
  }

  func forget(_ folder: FolderKey, near: borrowing Folder) {
    guard case .identity(let identity) = folder else { return }
    // It may have gone with its folder. Where handles can't be opened (overlayfs), a mark on a folder that was moved
    // away stays until the watch ends, and its notices are of no known folder.
    _ = mooring_fanotify_forget(reader.descriptor, near.descriptor, identity, Int32(identity.count))
  }

  func read() throws(WatchRefusal) -> [FolderNotice] { try queue.take() }
}
