import Glibc

/// The two ends of a pipe, each closed once: by whoever is done with it first, or with the last reference.
///
/// `@unchecked Sendable`: used from one thread at a time, first by the task that starts the program, which then waits
/// for the supervisor's thread to have done with it.
final class Pipe: @unchecked Sendable {
  private(set) var readEnd: Int32
  private(set) var writeEnd: Int32

  /// - Throws: ``ProgramError``, when we have no descriptors left.
  init(for program: Program) throws(ProgramError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .notStarted(program: program.name, reason: reason(of: errno)) }
    readEnd = ends[0]
    writeEnd = ends[1]
    // Not atomic with pipe(); harmless, since swift-subprocess closes whatever it wasn't told to pass on.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    closeReadEnd()
    closeWriteEnd()
  }

  func closeReadEnd() {
    if readEnd >= 0 { close(readEnd) }
    readEnd = -1
  }

  func closeWriteEnd() {
    if writeEnd >= 0 { close(writeEnd) }
    writeEnd = -1
  }

  /// Makes our end return at once where it would wait; the child's end keeps its own ways.
  func setNonblocking(_ end: Int32) {
    let flags = fcntl(end, F_GETFL)
    _ = fcntl(end, F_SETFL, flags | O_NONBLOCK)
  }
}

/// What an `errno` says, in words.
func reason(of code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
