import Glibc

/// What a file system says of a file at one moment. While none of it moves, nobody has changed the file: its `ctime`
/// can't be set.
struct FileStamp: Equatable, Sendable, BitwiseCopyable {
  var device: UInt64 = 0
  var inode: UInt64 = 0
  var size: Int64 = 0
  /// Nanoseconds since 1970, as `changed`.
  var modified: Int64 = 0
  var changed: Int64 = 0
  /// With the file's kind.
  var mode: UInt32 = 0
  var owner: UInt32 = 0
  var group: UInt32 = 0

  init() {}

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    modified = Self.nanoseconds(status.st_mtim)
    changed = Self.nanoseconds(status.st_ctim)
    mode = status.st_mode
    owner = status.st_uid
    group = status.st_gid
  }

  static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return nanoseconds(time)
  }

  var kind: mode_t { mode & S_IFMT }
  var isFile: Bool { kind == S_IFREG }
  var isFolder: Bool { kind == S_IFDIR }
  var isLink: Bool { kind == S_IFLNK }
  var permissions: UInt32 { mode & 0o7777 }

  /// Whether a later change will move it, when it was taken at `moment`: a second change within one tick of the file
  /// system's clock leaves it as it is. Git calls such a file racy.
  ///
  /// Ticks last up to 10 ms, and 2 s on file systems whose times have no fraction.
  func isConclusive(at moment: Int64) -> Bool {
    let tick: Int64 = changed % 1_000_000_000 == 0 ? 2_100_000_000 : 100_000_000
    return changed < moment - tick
  }

  /// Whether it is the same file, unchanged; a rename moves `ctime` and nothing else.
  func isSame(beforeRename other: FileStamp) -> Bool {
    var renamed = other
    renamed.changed = changed
    return self == renamed
  }

  /// What stands for the content of a file that isn't read.
  var text: String { "\(size) bytes, changed \(changed), inode \(inode)" }
}
