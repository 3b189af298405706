import CLinux
import Glibc
import MooringModel

/// Notices of inotify(7): everybody may have them, and they don't say who.
final class InotifyNotices: FolderNotices {
  let descriptor: Int32
  /// How many folders may be watched; for tests, since the kernel's limit is everybody's.
  private let limit: Int
  private var watched: Set<Int32> = []
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)
  private var isOpen = true

  init(limit: Int = .max) throws(WatchRefusal) {
    descriptor = mooring_inotify()
    self.limit = limit
    guard descriptor >= 0 else {
      isOpen = false
      throw WatchRefusal(errno)
    }
  }

  deinit {
    end()
    buffer.deallocate()
  }

  func end() {
    guard isOpen else { return }
    isOpen = false
    close(descriptor)
  }

  func watch(_ folder: borrowing Folder, namesOnly: Bool) throws(WatchRefusal) -> FolderKey {
    guard watched.count < limit else { throw .limit }
    let watch = mooring_inotify_watch(descriptor, folder.descriptor, namesOnly ? 1 : 0)
    guard watch >= 0 else { throw WatchRefusal(errno) }
    watched.insert(watch)
    return .watch(watch)
  }

  func forget(_ folder: FolderKey, near: borrowing Folder) {
    guard case .watch(let watch) = folder else { return }
    watched.remove(watch)
    // It may have gone with its folder.
    _ = mooring_inotify_forget(descriptor, watch)
  }

  func read() throws(WatchRefusal) -> [FolderNotice] {
    let size = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    guard size > 0 else {
      if size < 0 && (errno == EAGAIN || errno == EINTR) { return [] }
      throw WatchRefusal(errno)
    }
    let now = Timestamp.now
    var (offset, raw, notices) = (UInt(0), mooring_notice(), [FolderNotice]())
    while mooring_inotify_next(buffer.baseAddress, UInt(size), &offset, &raw) != 0 {
      let what = FolderNotice.What(rawValue: raw.what)
      if what.contains(.unwatched) { watched.remove(raw.watch) }
      notices.append(FolderNotice(what: what, folder: .watch(raw.watch), name: FileName(cString: raw.name), at: now))
    }
    return notices
  }
}

extension Timestamp {
  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
