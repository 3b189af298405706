import CLinux
import Dispatch
import Glibc

/// Runs a program that nobody vouches for, confined, and returns all that it printed.
///
/// It starts in the inputs, with nothing on standard input. When its time limit passes, or its memory, all its processes
/// are killed at once, as whatever is left of them is when it ends; without namespaces, only those that didn't start a
/// session of their own. `program.directory` and its grace are not used; a program of a relative path is one of the
/// inputs.
///
/// - Parameter folder: An empty folder of ours for the time being, which nobody else uses.
/// - Throws: ``ProgramError``, `.notConfined` where the system doesn't allow it; `CancellationError`.
public func run(_ program: Program, confinedBy confinement: Confinement, in folder: String) async throws
  -> ConfinedOutcome
{
  let cancellation = try CancellationSignal(for: program)
  let signal = cancellation.descriptor
  defer { withExtendedLifetime(cancellation) {} }
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue(label: "confined program").async {
        continuation.resume(
          with: Result { try ConfinedRun(program, confinement, folder: folder, cancellation: signal).outcome() })
      }
    }
  } onCancel: {
    cancellation.raise()
  }
}

/// One run, on a thread that may wait.
private struct ConfinedRun {
  let program: Program
  let confinement: Confinement
  let folder: String
  let cancellation: Int32
  let text: Pipe
  let printed: MemoryFile

  init(_ program: Program, _ confinement: Confinement, folder: String, cancellation: Int32) throws(ProgramError) {
    self.program = program
    self.confinement = confinement
    self.folder = folder
    self.cancellation = cancellation
    text = try Pipe(for: program)
    printed = try MemoryFile(for: program)
  }

  func outcome() throws -> ConfinedOutcome {
    let started = try start()
    defer { close(started.process_descriptor) }
    let output = started.output_folder >= 0 ? OutputFolder(descriptor: started.output_folder) : nil
    let streams = Streams(text: text, limit: program.outputLimit)
    streams.closeChildEnds()
    var supervisor = Supervisor(
      process: started.process, processDescriptor: started.process_descriptor, cancellation: cancellation,
      program: program, streams: streams, memoryLimit: confinement.memory)
    let result = supervisor.run()
    // With namespaces this ends whoever is left: it is their init.
    kill(started.process, SIGKILL)
    let status = Self.reap(started.process)
    let ending = try ending(result.ending, status)
    return ConfinedOutcome(
      ending: ending, printed: try printed.bytes(upTo: confinement.output, for: program), said: result.output,
      folder: output)
  }

  private func ending(_ ending: Supervisor.Ending, _ status: Int32) throws -> ConfinedOutcome.Ending {
    switch ending {
    case .cancelled: throw CancellationError()
    case .timedOut: return .timedOut
    case .outOfMemory: return .outOfMemory
    case .byItself: break
    }
    // The kernel lets a file grow to the limit and not beyond, whatever the program makes of that.
    if printed.size >= confinement.output { return .tooMuchOutput }
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }

  private static func reap(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status
  }

  // MARK: Starting

  private func start() throws(ProgramError) -> mooring_confined {
    let path = try path()
    let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard nothing >= 0 else { throw .notStarted(program: program.name, reason: reason(of: errno)) }
    defer { close(nothing) }
    let arguments = CStrings(program.arguments)
    let environment = CStrings(program.environment.map { "\($0)=\($1)" })
    let standard = [nothing, printed.descriptor, text.writeEnd]
    var started = mooring_confined()
    let code = withConfinement { confinement in
      withUnsafePointer(to: confinement) {
        mooring_spawn_confined(&started, $0, path, arguments.pointers, environment.pointers, standard)
      }
    }
    guard code != 0 else { return started }
    switch started.failed_step {
    case MOORING_EXECUTE, MOORING_DESCRIPTORS, MOORING_LIMITS:
      throw .notStarted(program: program.name, reason: reason(of: code))
    default:
      // clone(2) has ENOSPC for a limit on namespaces, which may be none at all.
      let why = started.failed_step == MOORING_CLONE && code == ENOSPC ? "no more are allowed" : reason(of: code)
      throw .notConfined(program: program.name, reason: "\(started.failed_step.phrase): \(why)")
    }
  }

  /// The program's file: of the machine, or a relative one of the inputs, where it is seen.
  private func path() throws(ProgramError) -> String {
    guard program.name.contains("/"), !program.name.hasPrefix("/") else { return try ExecutableFile(for: program).path }
    return program.name
  }

  private func withConfinement<Result>(_ body: (mooring_confinement) -> Result) -> Result {
    let readable = CStrings(confinement.readable)
    let processorSeconds = UInt(max(1, program.timeLimit.components.seconds + 1))
    return folder.withCString { root in
      confinement.inputs.withCString { inputs in
        readable.pointers.map { $0.map { UnsafePointer($0) } }.withUnsafeBufferPointer { readable in
          body(
            mooring_confinement(
              has_namespaces: confinement.reach == .machine ? 0 : 1,
              shares_network: confinement.reach == .nobody ? 0 : 1, root: root, inputs: inputs,
              readable: readable.baseAddress, user: geteuid() == 0 ? ConfinedUser.next() ?? 0 : 0,
              storage: UInt(confinement.storage), files: UInt(confinement.files),
              file_size: UInt(confinement.output), memory: UInt(confinement.memory),
              processor_time: processorSeconds, processes: UInt(confinement.processes)))
        }
      }
    }
  }
}

extension mooring_confinement_step {
  /// What couldn't be done, in words.
  fileprivate var phrase: String {
    switch self {
    case MOORING_CLONE: "making its namespaces"
    case MOORING_USERS: "mapping its user"
    case MOORING_ROOT: "making its root"
    case MOORING_READABLE: "showing it programs"
    case MOORING_INPUTS: "showing it the inputs"
    case MOORING_DEVICES: "making its devices"
    case MOORING_PIVOT: "entering its root"
    default: "giving up our rights"
    }
  }
}
