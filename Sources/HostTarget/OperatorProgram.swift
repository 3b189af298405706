import MooringModel
import Processes

/// A program that the operator configured for a step: the check of a release, or what tells the service.
struct OperatorProgram {
  /// What of its output stands in a fault, in bytes.
  private static let tailLimit = 2048
  /// What of its output stands in a report, in bytes.
  static let outputLimit = 4096

  /// What it does, to begin a sentence: `the check`.
  let role: String
  let arguments: [String]
  let timeLimit: Duration

  /// - Parameters:
  ///   - root: What `{root}` stands for, and where the program starts.
  ///   - release: What `{release}` stands for.
  init(role: String, arguments: [String], root: String, release: ReleaseDigest, timeLimit: Duration) {
    self.role = role
    self.arguments = arguments.map { Self.filledIn($0, root: root, release: release.hex) }
    self.timeLimit = timeLimit
  }

  /// - Returns: The end of what it printed.
  /// - Throws: `Fault` for anything but an exit with status 0 in time.
  func run(in directory: String) async throws -> String {
    let program = Program(
      arguments, directory: directory, environment: Program.scrubbed(), timeLimit: timeLimit,
      outputLimit: Self.outputLimit)
    let outcome: ProgramOutcome
    do {
      outcome = try await Processes.run(program)
    } catch let error as ProgramError {
      throw Fault(
        .program, "\(role) can't run: \(error)", at: name, remedy: "correct the target's configuration, or install it")
    }
    guard !outcome.succeeded else { return outcome.output }
    throw Fault(.program, "\(role) \(Self.ending(of: outcome, limit: timeLimit))", at: name, remedy: remedy(outcome))
  }

  private var name: String { arguments.first ?? "" }

  private func remedy(_ outcome: ProgramOutcome) -> String {
    let tail = String(decoding: outcome.output.utf8.suffix(Self.tailLimit - 64), as: UTF8.self)
    let trimmed = tail.drop { $0.isWhitespace || $0 == "\u{FFFD}" }
    return trimmed.isEmpty ? "it printed nothing; run it by hand to see why" : "its last output: \(trimmed)"
  }

  private static func ending(of outcome: ProgramOutcome, limit: Duration) -> String {
    switch outcome.termination {
    case .exited(let status): "failed with exit status \(status)"
    case .signalled(let signal): "was ended by signal \(signal)"
    case .timedOut: "did not end within \(limit)"
    }
  }

  /// In one pass, so that nothing that was filled in is filled in again.
  private static func filledIn(_ argument: String, root: String, release: String) -> String {
    var result = ""
    var rest = argument[...]
    while let brace = rest.firstIndex(of: "{") {
      result += rest[..<brace]
      rest = rest[brace...]
      if rest.hasPrefix("{root}") {
        result += root
        rest = rest.dropFirst("{root}".count)
      } else if rest.hasPrefix("{release}") {
        result += release
        rest = rest.dropFirst("{release}".count)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result + rest
  }
}
