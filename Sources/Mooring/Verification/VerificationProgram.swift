import MooringModel
import Processes
import Synchronization

/// Runs `ssh-keygen` or `gpg` with the signed bytes on standard input: bounded, with a scrubbed environment, within a
/// deadline.
struct VerificationProgram {
  /// How long one call may take.
  static let timeLimit = Duration.seconds(20)
  /// More lines than this are nothing that these programs print.
  private static let mostLines = 1000

  struct Answer {
    var succeeded: Bool
    /// Standard output.
    var lines: [String]
    /// The end of standard error, on one line of at most 300 characters.
    var complaint: String
  }

  let name: String
  /// The Debian package that has it.
  let package: String
  /// What it verifies.
  var what = "signatures"

  /// - Throws: `Fault` where the program can't say anything: it isn't there, or didn't end in time.
  func run(_ arguments: [String], in folder: String, input: [UInt8] = []) async throws -> Answer {
    let lines = Mutex<[String]>([])
    let program = Program(
      [name] + arguments, directory: folder, environment: Program.scrubbed(adding: ["HOME": folder]),
      timeLimit: Self.timeLimit, outputLimit: 4096)
    let outcome: ProgramOutcome
    do {
      outcome = try await Processes.run(program, input: input) { line in
        lines.withLock { if $0.count < Self.mostLines { $0.append(line) } }
      }
    } catch let error as ProgramError {
      throw Fault(.program, "\(what) can't be verified: \(error)", at: name, remedy: "install \(package)")
    }
    switch outcome.termination {
    case .exited(let status):
      return Answer(
        succeeded: status == 0, lines: lines.withLock { $0 },
        complaint: Self.oneLine(outcome.output.replacing(folder + "/", with: "")))
    case .timedOut:
      throw Fault(.timeout, "\(what) were not verified within \(Self.timeLimit)", at: name)
    case .signalled(let signal):
      throw Fault(.program, "\(what) were not verified: ended by signal \(signal)", at: name)
    }
  }

  private static func oneLine(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: "; ")
      .filter { !$0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } }
    return String(line.prefix(300))
  }
}
