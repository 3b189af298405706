/// How a program that could be started ended.
public struct ProgramOutcome: Sendable, Hashable {
  public enum Termination: Sendable, Hashable {
    /// With this exit status.
    case exited(Int32)
    /// By this signal, which was not ours.
    case signalled(Int32)
    /// By us, because its time limit passed.
    case timedOut
  }

  public var termination: Termination
  /// The end of what it printed, as far as the limit allows; bytes that are not UTF-8 are replaced by U+FFFD.
  public var output: String
  /// How many bytes of output came before what ``output`` holds.
  public var droppedBytes: Int
  public var duration: Duration

  public init(termination: Termination, output: String, droppedBytes: Int, duration: Duration) {
    self.termination = termination
    self.output = output
    self.droppedBytes = droppedBytes
    self.duration = duration
  }

  /// Whether it exited with status 0 in time.
  public var succeeded: Bool { termination == .exited(0) }
}
