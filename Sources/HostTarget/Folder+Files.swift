import Glibc
import MooringModel

extension Folder {
  /// Writes a file that must not have been there. It is durable, though its name isn't, only where that is asked for.
  borrowing func write(
    _ bytes: [UInt8], to name: FileName, permissions: mode_t, owner: Account? = nil, durably: Bool = false
  ) throws(Fault) {
    let file = openat(descriptor, name.terminated, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .system(errno, cannot: "make the file", at: path(of: name)) }
    var failure = Self.fill(file, with: bytes, permissions: permissions, owner: owner)
    if failure == 0, durably, fsync(file) != 0 { failure = errno }
    // A file system that finds out late, such as NFS, says here that there was no room.
    let closing = close(file) == 0 ? 0 : errno
    if let code = [failure, closing].first(where: { $0 != 0 }) {
      throw .system(code, cannot: "write the file", at: path(of: name))
    }
  }

  private static func fill(_ file: Int32, with bytes: [UInt8], permissions: mode_t, owner: Account?) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      if written < 0 { return errno }
      rest = rest.dropFirst(written)
    }
    if let owner, let code = owner.give(file) { return code }
    // Not by openat's mode, from which the umask would take.
    return fchmod(file, permissions) == 0 ? 0 : errno
  }

  /// A file's bytes and what it is; `nil` where there is no regular file of this name that we may read, or one over
  /// `limit` bytes.
  borrowing func read(_ name: FileName, limit: Int) throws(Fault) -> (bytes: [UInt8], entry: Entry)? {
    // Not to wait for the writer of a pipe that somebody put there.
    let file = openat(descriptor, name.terminated, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if file < 0 && [ENOENT, ELOOP, ENXIO, EACCES].contains(errno) { return nil }
    guard file >= 0 else { throw .system(errno, cannot: "open the file", at: path(of: name)) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .system(errno, cannot: "look at it", at: path(of: name)) }
    let entry = Entry(status)
    guard entry.kind == .regular, entry.size <= limit else { return nil }
    let (bytes, failure) = Self.contents(of: file, size: entry.size)
    guard failure == 0 else { throw .system(failure, cannot: "read the file", at: path(of: name)) }
    return (bytes, entry)
  }

  /// Up to `size` bytes; a file that shrinks meanwhile gives fewer.
  static func contents(of file: Int32, size: Int) -> ([UInt8], Int32) {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Glibc.read(file, buffer.baseAddress?.advanced(by: count), size - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    return (bytes, failure)
  }
}
