import Glibc

/// A folder that is open for listing: the names come one by one, and nothing is allocated for them.
struct FolderStream: ~Copyable {
  private let stream: OpaquePointer
  let descriptor: Int32

  /// Opens the folder of a name without following a link.
  ///
  /// - Returns: The descriptor; negative, with `errno`, where that fails.
  static func open(_ name: UnsafePointer<CChar>, in folder: Int32) -> Int32 {
    openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
  }

  /// Takes a descriptor over; `nil` where it is none.
  init?(_ opened: Int32) {
    guard opened >= 0 else { return nil }
    guard let stream = fdopendir(opened) else {
      let code = errno
      close(opened)
      errno = code
      return nil
    }
    self.stream = stream
    descriptor = opened
  }

  deinit { closedir(stream) }

  /// Calls `body` with each name but `.` and `..`; the pointer is good during the call.
  ///
  /// - Returns: The error's code, 0 where all names came.
  borrowing func forEach(_ body: (UnsafePointer<CChar>, Int) throws -> Void) rethrows -> Int32 {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return EINVAL }
    errno = 0
    while let entry = readdir(stream) {
      let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      let length = strlen(name)
      let isDots = name[0] == 0x2E && (length == 1 || (length == 2 && name[1] == 0x2E))
      if !isDots { try body(name, length) }
      errno = 0
    }
    return errno
  }
}
