import ArgumentParser
import Glibc
import Mooring
import MooringModel

/// What `mooring rollback` says once production is back: at once that it is, then, where somebody waits for it, whether it
/// helped, and where the report is.
struct RollbackConclusion {
  let environment: EnvironmentName
  let workspace: Workspace
  let context: EnvironmentContext
  let output: OutputOptions
  let waits: Bool

  func conclude(_ report: LoopReport) async throws {
    var answer = RollbackAnswer(environment, report)
    guard let rollback = answer.rollback.flatMap({ Identifier($0) }) else {
      throw report.refusals.first ?? Fault(.unexpected, "the rollback did not begin")
    }
    // Whoever waits for production to be back is told at once.
    if output.output == .text {
      try output.print(answer) { answer.text }
      fflush(nil)
    }
    if answer.outcome != "verified" {
      for fault in report.refusals { Terminal.complain(fault.description) }
    }
    if waits { answer.verdict = try await verdict(on: rollback) }
    answer.report = context.incidentPath(rollback.string)
    if output.output == .json { try output.print(answer) { "" } }
    if let report = answer.report { Terminal.say("the report: \(report)") }
    if answer.exitCode != 0 { throw ExitCode(answer.exitCode) }
  }

  private func verdict(on rollback: Identifier) async throws -> VerdictGiven? {
    let given = try await workspace.verdict(
      on: rollback, of: context, by: .operatorAtTerminal, observer: Storyteller.waiting, waiting: Storyteller.wait)
    Storyteller.waited()
    if let given, output.output == .text { print(Terminal.plain(VerdictText(given).text)) }
    return given
  }
}
