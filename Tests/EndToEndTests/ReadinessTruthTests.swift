import Foundation
import MooringTestSupport
import Processes
import Testing

/// One thing at a time is broken in a healthy setup, and the right rule finds it: `Tests/Soak/readiness` does that with the
/// built program and a real registry. Here a sample; `Tests/Soak/readiness.sh` has all of it.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: Registry.program)), .inTurn, .timeLimit(.minutes(30)))
struct ReadinessTruthTests {
  @Test func `What is broken is found by the right rule, and by no other`() async throws {
    let variables = ProcessInfo.processInfo.environment
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Soak/readiness/readiness.py")
    let outcome = try await run(
      Program(
        [
          "/usr/bin/env", "python3", script.standardized.path, "--mooring", Machine.program,
          "--cases", variables["READINESS_CASES"] ?? "44", "--seed", variables["SOAK_SEED"] ?? "1",
        ], timeLimit: .seconds(540), outputLimit: 1 << 20))
    print(outcome.output)
    #expect(outcome.succeeded, "\(outcome.output)")
  }
}
