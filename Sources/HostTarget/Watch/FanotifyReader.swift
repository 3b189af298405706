import CLinux
import Glibc
import MooringModel

/// Reads fanotify and looks at each process on the spot.
///
/// `@unchecked Sendable`: `buffer` is touched by the thread that runs `run` alone, and the descriptor never changes.
final class FanotifyReader: @unchecked Sendable {
  let descriptor: Int32
  private let authors: RootAuthors
  private let queue: NoticeQueue
  /// For tests: called before notices are read.
  private let pause: (@Sendable () -> Void)?
  /// Small, because each notice in it brings an open pidfd.
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8 << 10, alignment: 8)

  init(
    authors: RootAuthors, queue: NoticeQueue, pause: (@Sendable () -> Void)? = nil
  ) throws(WatchRefusal) {
    var opened = mooring_fanotify(1)
    if opened < 0 && errno == EINVAL { opened = mooring_fanotify(0) }
    descriptor = opened
    self.authors = authors
    self.queue = queue
    self.pause = pause
    guard descriptor >= 0 else { throw WatchRefusal(errno) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    buffer.deallocate()
  }

  func run(until stop: StopSignal) {
    while stop.wait(for: [descriptor]) != nil {
      pause?()
      guard readAll(until: stop) else { return queue.end(WatchRefusal(errno)) }
    }
    queue.end(.unfit(ECANCELED))
  }

  /// Reads until there is nothing more, so that a burst costs one wait.
  ///
  /// - Returns: Whether there may be more another time; otherwise `errno` says why not.
  private func readAll(until stop: StopSignal) -> Bool {
    while !stop.isGiven {
      // What processes became was before what they did.
      authors.follow()
      let size = read(descriptor, buffer.baseAddress, buffer.count)
      guard size > 0 else { return size < 0 && (errno == EAGAIN || errno == EINTR) }
      queue.add(notices(in: UInt(size)))
    }
    return true
  }

  private func notices(in size: UInt) -> [FolderNotice] {
    let (now, moment) = (Timestamp.now, ContinuousClock.now)
    var (offset, raw, found) = (UInt(0), mooring_notice(), [FolderNotice]())
    while mooring_fanotify_next(buffer.baseAddress, size, &offset, &raw) != 0 {
      let name = FileName(cString: raw.name)
      let author = authors.author(of: raw.process, pidfd: raw.pidfd, touching: name, at: moment)
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
