import Glibc

/// A descriptor that becomes readable when the task that waits for a program is cancelled.
///
/// Closed with the last reference, which is the waiting task's: the supervisor only knows the descriptor, and has done
/// with it when the task goes on.
final class CancellationSignal: Sendable {
  private let pipe: Pipe
  var descriptor: Int32 { pipe.readEnd }

  /// - Throws: ``ProgramError``, when we have no descriptors left.
  init(for program: Program) throws(ProgramError) {
    pipe = try Pipe(for: program)
    // Whoever cancels must never wait, however often.
    pipe.setNonblocking(pipe.writeEnd)
  }

  func raise() {
    var one: UInt8 = 1
    _ = write(pipe.writeEnd, &one, 1)
  }
}
