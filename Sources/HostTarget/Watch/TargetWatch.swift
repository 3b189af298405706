import Glibc
import MooringModel

/// How to watch, where a test wants something else than the best that there is.
struct WatchSettings: Sendable {
  enum Way: Sendable { case best, inotify }

  var way = Way.best
  /// The process whose descendants are ours.
  var own = getpid()
  /// How many folders inotify may watch.
  var folderLimit = Int.max
  /// How many changes may wait.
  var changeLimit = ChangeBuffer.standardLimit
  /// Called before notices are read.
  var pause: (@Sendable () -> Void)?
}

/// A watch under way. When its last reference goes, or whoever iterates is cancelled, its threads have ended and its
/// descriptors are closed.
final class TargetWatch: Sendable {
  private let changes: ChangeBuffer
  private let thread: WatchThread

  private init(_ watcher: sending TargetWatcher, _ changes: ChangeBuffer) {
    self.changes = changes
    let watcher = watcher
    thread = WatchThread("mooring-watch", isUrgent: false) { stop in watcher.run(until: stop) }
  }

  deinit { stop() }

  private func stop() {
    changes.end()
    thread.stop()
  }

  /// Begins with the best way that works here.
  static func begin(_ target: WatchedTarget, _ settings: WatchSettings) -> LiveWatch {
    var reason = "fanotify wasn't asked"
    if settings.way == .best {
      do throws(WatchRefusal) {
        let notices = try FanotifyNotices(
          authors: RootAuthors(.withOurs(below: settings.own), below: target.root), pause: settings.pause)
        return try live(.processes, target, notices, settings)
      } catch {
        reason = error.reasonAgainstProcesses
      }
    }
    do throws(WatchRefusal) {
      let notices = try InotifyNotices(limit: settings.folderLimit)
      return try live(.changes(reason: reason), target, notices, settings)
    } catch {
      return LiveWatch(means: .scans(reason: error.reasonAgainstWatching), changes: AsyncStream { $0.finish() })
    }
  }

  private static func live(
    _ means: WatchMeans, _ target: WatchedTarget, _ notices: any FolderNotices, _ settings: WatchSettings
  ) throws(WatchRefusal) -> LiveWatch {
    let changes = ChangeBuffer(limit: settings.changeLimit)
    let watcher: TargetWatcher
    do throws(WatchRefusal) {
      watcher = try TargetWatcher(target, notices, changes, pause: settings.pause)
    } catch {
      notices.end()
      throw error
    }
    let watch = TargetWatch(watcher, changes)
    guard watch.thread.isRunning else { throw .limit }
    return LiveWatch(
      means: means, changes: AsyncStream(unfolding: { await watch.changes.next() }, onCancel: { watch.stop() }))
  }
}

extension WatchRefusal {
  /// Why it can't be seen who does what.
  fileprivate var reasonAgainstProcesses: String {
    switch self {
    case .limit: "no more fanotify groups are allowed; see `sysctl fs.fanotify`"
    case .unfit(EPERM): "who makes a change can't be seen: that needs CAP_SYS_ADMIN"
    case .unfit(ENOSYS), .unfit(EINVAL): "who makes a change can't be seen: that needs Linux 5.9 with fanotify"
    case .unfit(let code), .folder(let code):
      "who makes a change can't be seen: the file system doesn't give it (error \(code))"
    }
  }

  /// Why there are only scans, and what to do.
  fileprivate var reasonAgainstWatching: String {
    switch self {
    case .limit:
      "this machine watches no more folders: \(Self.allowed("max_user_watches")) watches and "
        + "\(Self.allowed("max_user_instances")) instances are allowed each user; raise it with "
        + "`sysctl fs.inotify.max_user_watches=1048576 fs.inotify.max_user_instances=1024`"
    case .unfit(let code), .folder(let code):
      "the file system can't be watched (error \(code)); keep the root on a local one"
    }
  }

  private static func allowed(_ name: String) -> String {
    let file = open("/proc/sys/fs/inotify/\(name)", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "too few" }
    defer { close(file) }
    // Of files in /proc the size isn't known before they are read.
    let bytes = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      count = max(0, read(file, buffer.baseAddress, buffer.count))
    }
    return String(decoding: bytes.filter { $0 > UInt8(ascii: " ") }, as: UTF8.self)
  }
}
