import MooringModel
import Processes
import Synchronization

/// One run of a renderer's program, confined as its options say.
struct RenderingRun {
  /// Bytes of memory that a program has unless more is allowed, and how long it may take.
  static let memory = 1 << 30
  static let timeLimit = Duration.seconds(60)

  let program: RenderingProgram
  let options: RenderingProgramOptions
  let timeLimit: Duration

  /// - Throws: `Fault` of code `.program`, `CancellationError`.
  func run(_ arguments: [String], in folder: RenderingFolder) async throws -> ConfinedOutcome {
    try await run(in: folder) { _ in arguments }
  }

  /// As `arguments` says for where the program finds its inputs and output.
  func run(
    in folder: RenderingFolder, arguments: (RenderingPlaces) -> [String]
  ) async throws -> ConfinedOutcome {
    do {
      return try await run(in: folder, reach: options.network == .allow ? .network : .nobody, arguments)
    } catch ProgramError.notConfined(_, let reason) {
      guard options.network == .allow else { throw Self.notConfined(program, reason) }
      // The operator lets it have the network; on a system without namespaces it has to be trusted with the machine too.
      return try await run(in: folder, reach: .machine, arguments)
    } catch let error as ProgramError {
      throw Fault(
        .program, error.description,
        remedy: "see that everybody may read and execute it: it runs as a user that owns nothing")
    }
  }

  private func run(
    in folder: RenderingFolder, reach: Confinement.Reach, _ arguments: (RenderingPlaces) -> [String]
  ) async throws -> ConfinedOutcome {
    var places = RenderingPlaces()
    if reach == .machine {
      places = RenderingPlaces(
        inputs: folder.inputs, output: folder.output, home: folder.home, temporary: folder.home)
    }
    let readable = Confinement.system + program.readable + options.reads
    let confinement = Confinement(
      inputs: folder.inputs, readable: readable + (reach == .network ? Confinement.networkFiles : []), reach: reach,
      memory: options.memory ?? Self.memory)
    var outcome = try await Processes.run(
      Program(
        [program.path] + arguments(places), environment: Self.environment(program, places), timeLimit: timeLimit),
      confinedBy: confinement, in: folder.root)
    if reach == .machine { outcome.folder = try OutputFolder(path: folder.output) }
    return outcome
  }

  private static let known = Mutex<Bool?>(nil)

  /// Whether this system lets us confine programs at all; it is asked once.
  static func canConfine(in parent: String) async throws -> Bool {
    if let known = known.withLock({ $0 }) { return known }
    let folder = try RenderingFolder(in: parent)
    let confinement = Confinement(inputs: folder.inputs, reach: .network)
    let probe = Program(["/bin/true"], environment: [:], timeLimit: .seconds(20))
    let answer: Bool
    do {
      _ = try await Processes.run(probe, confinedBy: confinement, in: folder.root)
      answer = true
    } catch ProgramError.notConfined {
      answer = false
    }
    known.withLock { $0 = answer }
    return answer
  }

  /// Nothing of ours but where programs are: no credentials, no proxies, no home.
  private static func environment(_ program: RenderingProgram, _ places: RenderingPlaces) -> [String: String] {
    var path = "/usr/local/bin:/usr/bin:/bin"
    if program.path.hasPrefix("/") { path = RenderingProgram.folder(of: program.path) + ":" + path }
    return ["PATH": path, "HOME": places.home, "TMPDIR": places.temporary, "LANG": "C.UTF-8", "TZ": "UTC"]
  }

  private static func notConfined(_ program: RenderingProgram, _ reason: String) -> Fault {
    Fault(
      .program, "can't be kept from the network and the machine (\(reason)), and so isn't run", at: program.path,
      remedy:
        "run Mooring as root or allow its user to make namespaces; or set `network: allow` in `render`, which lets "
        + "the program reach all that Mooring does")
  }
}
