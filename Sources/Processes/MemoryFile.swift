import CLinux
import Glibc

/// A file in memory that a program prints into, and that ends with us.
final class MemoryFile: Sendable {
  let descriptor: Int32

  /// - Throws: ``ProgramError``, when we have no descriptors left.
  init(for program: Program) throws(ProgramError) {
    descriptor = mooring_memory_file("mooring-output")
    guard descriptor >= 0 else { throw .notStarted(program: program.name, reason: reason(of: errno)) }
  }

  deinit { close(descriptor) }

  var size: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Its bytes from the beginning, wherever the program left off.
  func bytes(upTo limit: Int, for program: Program) throws(ProgramError) -> [UInt8] {
    let size = min(self.size, limit)
    var bytes = [UInt8](repeating: 0, count: size)
    var place = 0
    while place < size {
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress.map { $0 + place }, size - place, off_t(place))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw .notStarted(program: program.name, reason: "what it printed can't be read") }
      place += got
    }
    return bytes
  }
}
