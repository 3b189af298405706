import MooringModel
import Processes

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
      // The operator lets it have the network, and so it may have to be trusted with the machine.
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
