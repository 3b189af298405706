import Glibc

/// How a confined program ended, and what it made.
public struct ConfinedOutcome: Sendable {
  public enum Ending: Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)
    /// Ended by us: its time was up.
    case timedOut
    /// Ended by us: its processes held more memory than it may have.
    case outOfMemory
    /// It printed more than it may.
    case tooMuchOutput
  }

  public var ending: Ending
  /// All that it printed on standard output.
  public var printed: [UInt8]
  /// The end of what it said on standard error; bytes that are not UTF-8 are replaced by U+FFFD.
  public var said: String
  /// What it wrote; `nil` where it had the machine's files.
  public var folder: OutputFolder?
}

/// The open `/output` of a confined program that has ended; gone with the last reference.
public final class OutputFolder: Sendable {
  public let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// A folder of this machine, for a program that saw it.
  ///
  /// - Throws: ``ProgramError``
  public init(path: String) throws(ProgramError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw .badDirectory(path, program: "its output") }
  }

  deinit { close(descriptor) }
}
