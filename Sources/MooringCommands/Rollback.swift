import ArgumentParser
import Mooring
import MooringModel

struct Rollback: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take production back, now, by a revert commit.",
    discussion: """
      Production is restored at once from the stored release, nothing is rendered or built again, and the revert is pushed
      beside it. When the remote can't be reached, production is restored all the same, and the revert is owed until it
      can be pushed. Exits with 3 when production is restored but a push is owed or verification is unmet.

      EXAMPLES
        mooring rollback production --reason "checkout answers 500"      to the verified release before
        mooring rollback production --to v41 --reason "back to Monday"
        mooring rollback production --commit 3f2a9c1d --reason "only this change"
        mooring rollback production --to v41 --reason test --dry-run     show, and do nothing
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Option(help: "The release to go back to: v41.")
  var to: String?
  @Option(help: "Undo this one commit by a three-way merge, and keep what came after it.")
  var commit: String?
  @Option(help: "Why; it stands in the revert commit and in the journal.")
  var reason: String
  @Flag(help: "Go on although the revert changes inputs of other environments too.")
  var includeShared = false
  @Flag(help: "Show what would be done, and do nothing.")
  var dryRun = false
  @Flag(help: "Don't ask.")
  var yes = false

  func validate() throws {
    if to != nil && commit != nil { throw ValidationError("--to and --commit exclude each other") }
    if let to, ReleaseNumber(parsing: to) == nil { throw ValidationError("--to takes a release's number, such as v41") }
    if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must say something") }
  }

  private var choice: RollbackChoice {
    if let number = to.flatMap({ ReleaseNumber(parsing: $0) }) { return .release(number) }
    return commit.map { .commit($0) } ?? .previous
  }

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let context = try workspace.environment(environment)
      let request = try await context.revertRequest(
        choice, reason: reason, by: .operatorAtTerminal, includeShared: includeShared)
      if dryRun || !yes { try await preview(request, context) }
      if dryRun { return }
      let report = try await workspace.rollback(context, request, observer: Storyteller.observer)
      try conclude(RollbackAnswer(environment, report), report)
    }
  }

  private func preview(_ request: RevertRequest, _ context: EnvironmentContext) async throws {
    let preview = try await context.preview(request)
    let target = preview.to.restores?.description ?? "a release that never ran before"
    let text =
      "\(environment): \(preview.from?.label ?? "nothing") → \(target), undoes"
      + " \(preview.undone.count) commit\(preview.undone.count == 1 ? "" : "s")\n" + ChangeText.text(preview.changes)
    if dryRun {
      return try output.print(RollbackPlanAnswer(environment, preview)) { text }
    }
    guard Terminal.canAsk else { return }
    Terminal.say(text)
    guard Terminal.confirm("Roll back?") != false else {
      throw Fault(.usage, "nothing was done", remedy: "answer y, or say --yes")
    }
  }

  private func conclude(_ answer: RollbackAnswer, _ report: LoopReport) throws {
    guard answer.rollback != nil else {
      let fault = report.refusals.first ?? Fault(.unexpected, "the rollback did not begin")
      throw fault
    }
    try output.print(answer) { answer.text }
    if answer.outcome != "verified" {
      for fault in report.refusals { Terminal.complain(fault.description) }
    }
    if answer.exitCode != 0 { throw ExitCode(answer.exitCode) }
  }
}
