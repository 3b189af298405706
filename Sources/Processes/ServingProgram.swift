import CLinux
import Dispatch
import Glibc
import Synchronization

/// A program that stays, and answers requests, a line each, with lines of its own.
///
/// It leads a session of its own, and is killed with its process group when it fails to answer in time, when the task that
/// asked is cancelled, and with the last reference. When we end however abruptly, its standard input does too, and it should
/// then end by itself. One request at a time.
public final class ServingProgram: Sendable {
  /// How one request ended. After any but `answered` the program is gone.
  public enum Ending: Sendable, Hashable {
    case answered
    case timedOut
    /// Ended by itself, having said this on standard error.
    case ended(ProgramOutcome.Termination, String)
  }

  fileprivate struct State {
    var streams: Streams
    /// Nil once it is reaped.
    var process: pid_t?
  }

  private let state: Mutex<State>
  private let program: Program
  private let queue: DispatchQueue

  /// Starts it. The program's own time limit is not used: each request has one.
  ///
  /// - Throws: ``ProgramError``.
  public init(_ program: Program) throws(ProgramError) {
    self.program = program
    let (text, lines, input) = (try Pipe(for: program), try Pipe(for: program), try Pipe(for: program))
    let process = try spawn(program, input: input.readEnd, output: lines.writeEnd, errors: text.writeEnd)
    queue = DispatchQueue(label: "program \(process)")
    let streams = Streams(serving: text, lines: lines, input: input, limit: program.outputLimit)
    streams.closeChildEnds()
    state = Mutex(State(streams: streams, process: process))
  }

  deinit { state.withLock { _ = $0.end(killing: true) } }

  /// Sends a line and hands on what is answered, until `onLine` says that it was the last line of the answer.
  ///
  /// - Throws: ``ProgramError`` when we have no descriptors left, `CancellationError`.
  public func ask(
    _ line: [UInt8], within limit: Duration, onLine: @escaping @Sendable (String) -> Bool
  ) async throws -> Ending {
    let cancellation = try CancellationSignal(for: program)
    let ending = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.async {
          let conversation = Conversation(within: limit, cancellation: cancellation.descriptor, onLine: onLine)
          continuation.resume(returning: self.state.withLock { $0.answer(line, in: conversation) })
        }
      }
    } onCancel: {
      cancellation.raise()
    }
    withExtendedLifetime(cancellation) {}
    guard let ending else { throw CancellationError() }
    return ending
  }
}

/// What bounds the waiting for one answer.
private struct Conversation {
  static let longestLimit = Duration.seconds(366 * 86_400)

  let deadline: ContinuousClock.Instant
  let cancellation: Int32
  let onLine: @Sendable (String) -> Bool

  init(within limit: Duration, cancellation: Int32, onLine: @escaping @Sendable (String) -> Bool) {
    deadline = .now + min(limit, Self.longestLimit)
    self.cancellation = cancellation
    self.onLine = onLine
  }

  /// Milliseconds to the deadline, rounded up.
  var timeout: Int32 {
    let (seconds, attoseconds) = (deadline - .now).components
    return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
  }
}

extension ServingProgram.State {
  /// Nil when the task was cancelled.
  fileprivate mutating func answer(_ line: [UInt8], in conversation: Conversation) -> ServingProgram.Ending? {
    guard process != nil else { return .ended(.exited(0), "") }
    let isAnswered = Mutex(false)
    streams.send(line + [UInt8(ascii: "\n")])
    while streams.linesAreOpen {
      let cancelled = pollfd(fd: conversation.cancellation, events: Int16(POLLIN), revents: 0)
      var descriptors = [cancelled] + streams.awaited
      let count = poll(&descriptors, nfds_t(descriptors.count), conversation.timeout)
      if count > 0, descriptors[0].revents != 0 {
        _ = end(killing: true)
        return nil
      }
      let ready = descriptors.dropFirst().filter { count > 0 && $0.revents != 0 }.map(\.fd)
      streams.move(ready: ready) { line in
        isAnswered.withLock { isAnswered in if !isAnswered { isAnswered = conversation.onLine(line) } }
      }
      if isAnswered.withLock({ $0 }) { return .answered }
      if ContinuousClock.now >= conversation.deadline {
        _ = end(killing: true)
        return .timedOut
      }
    }
    let (termination, said) = end(killing: false)
    return .ended(termination, said)
  }

  /// Reaps it; what is left of its group is killed first.
  fileprivate mutating func end(killing: Bool) -> (ProgramOutcome.Termination, String) {
    guard let process else { return (.exited(0), "") }
    self.process = nil
    // Whoever has closed its output without ending has nothing more to say to us either.
    var info = siginfo_t()
    let hasEnded = !killing && Self.waitForEnd(of: process, &info)
    kill(-process, SIGKILL)
    if !hasEnded { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    return (signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal), streams.finish().text)
  }

  /// Gives it a moment between closing its output and its end, without reaping it: its group's number stays its own.
  private static func waitForEnd(of process: pid_t, _ info: inout siginfo_t) -> Bool {
    for _ in 0..<200 {
      if waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo != 0 { return true }
      usleep(1_000)
    }
    return false
  }
}

/// Starts a program in a session of its own, with nothing but these three descriptors.
private func spawn(
  _ program: Program, input: Int32, output: Int32, errors: Int32
) throws(ProgramError) -> pid_t {
  let executable = try ExecutableFile(for: program)
  let arguments = CStrings(program.arguments)
  let environment = CStrings(program.environment.map { "\($0)=\($1)" })
  var process: pid_t = 0
  let code = mooring_spawn(
    &process, executable.path, arguments.pointers, environment.pointers, program.directory, input, output, errors)
  guard code == 0 else { throw .notStarted(program: program.name, reason: reason(of: code)) }
  return process
}
