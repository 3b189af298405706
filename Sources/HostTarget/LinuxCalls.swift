import Glibc

/// Calls of Linux that Glibc's module map leaves out, because it is compiled without `_GNU_SOURCE`.
enum LinuxCalls {
  private typealias Exchange =
    @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
  private typealias Sync = @convention(c) (Int32) -> Int32

  /// `RENAME_EXCHANGE` of `linux/fs.h`.
  private static let exchangeFlag: UInt32 = 1 << 1

  private static let renameat2: Exchange? = dlsym(nil, "renameat2").map { unsafeBitCast($0, to: Exchange.self) }
  private static let syncfs: Sync? = dlsym(nil, "syncfs").map { unsafeBitCast($0, to: Sync.self) }

  /// Swaps two names of one folder atomically. Returns the `errno`, or 0.
  static func exchange(_ a: FileName, _ b: FileName, in folder: Int32) -> Int32 {
    guard let renameat2 else { return ENOSYS }
    return renameat2(folder, a.terminated, folder, b.terminated, exchangeFlag) == 0 ? 0 : errno
  }

  /// Makes the file system that holds `descriptor` durable as it is now. Returns the `errno`, or 0.
  static func syncFileSystem(of descriptor: Int32) -> Int32 {
    guard let syncfs else { return ENOSYS }
    return syncfs(descriptor) == 0 ? 0 : errno
  }
}
