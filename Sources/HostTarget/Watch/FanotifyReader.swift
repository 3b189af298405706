import CLinux
import Glibc
import MooringModel

/// Reads fanotify and looks at each process on the spot.
///
/// `@unchecked Sendable`: `buffer` and `authors` are touched by the thread that runs `run` alone, and the descriptor never
/// changes.
final class FanotifyReader: @unchecked Sendable {
  let descriptor: Int32
  private let authors: AuthorFinder
  private let queue: NoticeQueue
  /// Small, because each notice in it brings an open pidfd.
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8 << 10, alignment: 8)

  init(authors: sending AuthorFinder, queue: NoticeQueue) throws(WatchRefusal) {
    var opened = mooring_fanotify(1)
    if opened < 0 && errno == EINVAL { opened = mooring_fanotify(0) }
    descriptor = opened
    self.authors = authors
    self.queue = queue
    guard descriptor >= 0 else { throw WatchRefusal(errno) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    buffer.deallocate()
  }

  func run(until stop: StopSignal) {
    while stop.wait(for: [descriptor]) {
      // Until there is nothing more, so that a burst costs one wait.
      while true {
        let size = read(descriptor, buffer.baseAddress, buffer.count)
        guard size > 0, !stop.isGiven else { break }
        queue.add(notices(in: UInt(size)))
      }
    }
  }

  private func notices(in size: UInt) -> [FolderNotice] {
    let now = Timestamp.now
    var (offset, raw, found) = (UInt(0), mooring_notice(), [FolderNotice]())
    while mooring_fanotify_next(buffer.baseAddress, size, &offset, &raw) != 0 {
      let name = FileName(cString: raw.name)
      let author = authors.author(of: raw.process, pidfd: raw.pidfd, touching: name, now: now)
      if raw.pidfd >= 0 { close(raw.pidfd) }
      let identity = UnsafeRawBufferPointer(start: raw.folder, count: Int(raw.folder_size))
      found.append(
        FolderNotice(
          what: FolderNotice.What(rawValue: raw.what), folder: .identity(Array(identity)), name: name, author: author,
          at: now))
    }
    return found
  }
}
