import Foundation
import Glibc
import MooringTestSupport
import Processes

/// A program of ours that runs in the background.
struct Running: Sendable {
  let lines: LineLog
  let process: pid_t

  /// Asks it to end, as a service manager does.
  func terminate() { kill(process, SIGTERM) }
}

extension Machine {
  /// Starts the program, hands it to `body` while it runs, asks it to end, and returns how it did.
  ///
  /// - Parameter starter: A program with arguments that starts it in its own place, such as `env`.
  @discardableResult
  func running(
    _ arguments: [String], state: String? = nil, through starter: [String] = [], _ body: (Running) async throws -> Void
  ) async throws -> ProgramOutcome.Termination {
    let lines = LineLog()
    let shell = Program(
      ["/bin/sh", "-c", "echo process $$; exec \"$@\" 2>&1", "sh"] + starter + [Self.program] + arguments,
      directory: folder.path, environment: environment(state: state), timeLimit: .seconds(120),
      graceBeforeKill: .seconds(10))
    async let outcome = run(shell, input: []) { lines.append($0) }
    let first = try await lines.line(containing: "process ")
    let running = Running(lines: lines, process: pid_t(first.dropFirst(8)) ?? 0)
    guard running.process > 1 else { throw LineLog.NeverCame(text: "process", lines: lines.all) }
    try await body(running)
    running.terminate()
    return try await outcome.termination
  }

  /// The watcher.
  @discardableResult
  func watching(_ body: (Running) async throws -> Void) async throws -> ProgramOutcome.Termination {
    try await running(["run"], body)
  }

  /// Waits until a condition holds, asking every 20 ms; for what nobody tells by a line.
  func until(_ what: String, within limit: Duration = .seconds(30), _ holds: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !holds() {
      guard ContinuousClock.now < deadline else { throw LineLog.NeverCame(text: what, lines: []) }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  func exists(_ name: String) -> Bool { folder.exists(name) }
}
