import Glibc

/// The file that this process runs.
enum ExecutablePath {
  static let own: String? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
    guard let start = buffer.baseAddress else { return nil }
    let size = readlink("/proc/self/exe", start, buffer.count)
    guard size > 0, size < buffer.count else { return nil }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: size), as: UTF8.self)
  }
}
