import Dispatch
import Glibc
import Subprocess
import SystemPackage

/// Runs a program with nothing on standard input, and keeps the end of what it prints on either output.
///
/// The program leads a session of its own. When its time limit passes its process group gets `SIGTERM`, and `SIGKILL`
/// after the grace. Whatever of the group is left when the program has ended is killed: what is to stay has to start a
/// session of its own, as daemons do. Cancelling the task ends the group in the same way.
///
/// - Throws: ``ProgramError`` when it can't be started, `CancellationError`.
public func run(_ program: Program) async throws -> ProgramOutcome {
  let text = try Pipe(for: program)
  let streams = Streams(text: text, limit: program.outputLimit)
  return try await supervised(program, streams, input: .none, output: text)
}

/// Runs a program with `input` on standard input, and hands on what it prints on standard output line by line.
///
/// `onLine` is called on a thread that watches over the program, one line at a time, without the line feed; the
/// deadline waits while it works. A line is cut at 1 MiB. Standard error is captured into the outcome. See ``run(_:)``
/// for how the program ends.
///
/// - Throws: ``ProgramError`` when it can't be started, `CancellationError`.
public func run(
  _ program: Program, input: [UInt8], onLine: @escaping @Sendable (String) -> Void
) async throws -> ProgramOutcome {
  let (text, lines, source) = (try Pipe(for: program), try Pipe(for: program), try Pipe(for: program))
  let streams = Streams(
    text: text, lines: lines, input: source, bytes: input, limit: program.outputLimit, onLine: onLine)
  let readEnd = FileDescriptor(rawValue: source.readEnd)
  return try await supervised(
    program, streams, input: .fileDescriptor(readEnd, closeAfterSpawningProcess: false), output: lines)
}

private func supervised(
  _ program: Program, _ streams: Streams, input: some InputProtocol, output: Pipe
) async throws -> ProgramOutcome {
  let configuration = try configuration(for: program)
  let cancellation = try CancellationSignal(for: program)
  let result: ExecutionResult<Supervisor.Result, FileDescriptorOutput, FileDescriptorOutput>
  do {
    result = try await whileBusy {
      try await run(
        configuration, input: input, output: writeEnd(of: output), error: writeEnd(of: streams.text)
      ) { execution in
        let process = execution.processIdentifier
        return await watch(program, process, streams, cancellation)
      }
    }
  } catch let error as SubprocessError {
    throw ProgramError.notStarted(program: program.name, reason: error.description)
  }
  return try outcome(of: result.closureResult, status: result.terminationStatus)
}

/// Tries again for half a second where a program's file is still open to write in another child of ours that is only beginning:
/// it has what was open while it was made until it executes its own program.
private func whileBusy<Value>(_ start: () async throws -> Value) async throws -> Value {
  for _ in 0..<500 {
    do { return try await start() } catch let error as SubprocessError where error.underlyingError == .textFileBusy {
      try await Task.sleep(for: .milliseconds(1))
    }
  }
  return try await start()
}

private func writeEnd(of pipe: Pipe) -> FileDescriptorOutput {
  // Ours to close: the library would not, where the start fails early.
  .fileDescriptor(FileDescriptor(rawValue: pipe.writeEnd), closeAfterSpawningProcess: false)
}

/// The supervisor waits in `poll` for as long as the program runs, which is no work for the cooperative pool.
private func watch(
  _ program: Program, _ process: ProcessIdentifier, _ streams: Streams, _ cancellation: CancellationSignal
) async -> Supervisor.Result {
  let signal = cancellation.descriptor
  defer { withExtendedLifetime(cancellation) {} }
  return await withTaskCancellationHandler {
    await withCheckedContinuation { continuation in
      DispatchQueue(label: "program \(process.value)").async {
        streams.closeChildEnds()
        var supervisor = Supervisor(
          process: process.value, processDescriptor: process.processDescriptor, cancellation: signal,
          program: program, streams: streams)
        continuation.resume(returning: supervisor.run())
      }
    }
  } onCancel: {
    cancellation.raise()
  }
}

private func outcome(of result: Supervisor.Result, status: TerminationStatus) throws -> ProgramOutcome {
  let termination: ProgramOutcome.Termination =
    switch (result.ending, status) {
    case (.cancelled, _): throw CancellationError()
    case (.timedOut, _), (.outOfMemory, _): .timedOut
    case (.byItself, .exited(let code)): .exited(code)
    case (.byItself, .signaled(let signal)): .signalled(signal)
    }
  return ProgramOutcome(
    termination: termination, output: result.output, droppedBytes: result.droppedBytes, duration: result.duration)
}

private func configuration(for program: Program) throws(ProgramError) -> Configuration {
  let executable = try ExecutableFile(for: program)
  var options = PlatformOptions()
  options.createSession = true
  options.teardownSequence = [
    .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: program.graceBeforeKill)
  ]
  var environment: [Environment.Key: String] = [:]
  for (name, value) in program.environment {
    guard let key = Environment.Key(rawValue: name) else { continue }
    environment[key] = value
  }
  return Configuration(
    executable: .path(FilePath(executable.path)),
    arguments: Arguments(executablePathOverride: program.name, remainingValues: Array(program.arguments.dropFirst())),
    environment: .custom(environment),
    workingDirectory: program.directory.map { FilePath($0) },
    platformOptions: options)
}
