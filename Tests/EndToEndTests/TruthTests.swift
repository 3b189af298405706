import Foundation
import Glibc
import MooringTestSupport
import Processes
import Testing

/// A slice of `Tests/Soak/truth.sh`: what is told of random changes by hand is what happened.
///
/// `TRUTH_CHANGES` and `SOAK_SEED` say how many and which; the seed is printed.
@Suite(.inTurn, .enabled(if: geteuid() == 0, "changes of owners need root"))
struct TruthTests {
  private static let soak = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Soak/truth.sh").path

  @Test(
    "every lasting change is told once with the right fields, whatever happens to the watcher, and nothing else is",
    arguments: [(["--changes", "500"], "with authors"), (["--changes", "150", "--without-authors"], "without")])
  func truth(arguments: [String], _ name: String) async throws {
    let environment = ProcessInfo.processInfo.environment
    var arguments = arguments
    if let changes = environment["TRUTH_CHANGES"] { arguments += ["--changes", changes] }
    if let seed = environment["SOAK_SEED"], !seed.isEmpty { arguments += ["--seed", seed] }
    let folder = try TemporaryFolder("mooring-truth")
    let lines = LineLog()
    let outcome = try await run(
      Program(
        ["/usr/bin/env", "bash", Self.soak] + arguments, directory: folder.path,
        environment: Program.scrubbed(adding: ["MOORING_BIN": Machine.program, "TMPDIR": folder.path]),
        timeLimit: .seconds(550), outputLimit: 1 << 20), input: []
    ) { lines.append($0) }
    print(lines.all.joined(separator: "\n"))
    #expect(outcome.termination == .exited(0), "\(lines.all.joined(separator: "\n"))\n\(outcome.output)")
  }
}
