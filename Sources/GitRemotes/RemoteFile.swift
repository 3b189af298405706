import Glibc

/// A small file that the configuration names.
struct RemoteFile {
  let path: String

  init(_ path: String) { self.path = path }

  /// - Throws: `invalid` where it isn't a readable file of at most `limit` bytes.
  func read(upTo limit: Int, as what: String) throws(RemoteError) -> [UInt8] {
    // Not waiting, so that a pipe of this name can't hold us up.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(what, String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw failure(what, "it is not a file")
    }
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      let chunk = [UInt8](unsafeUninitializedCapacity: min(65_536, limit + 1 - bytes.count)) { buffer, count in
        count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
      }
      if chunk.isEmpty { return bytes }
      bytes += chunk
    }
    throw failure(what, "it has more than \(limit) bytes")
  }

  private func failure(_ what: String, _ why: String) -> RemoteError {
    RemoteError(.invalid, "\(what) can't be read from \(path): \(why)", remedy: "correct its path or its mode")
  }
}
