import ArgumentParser
import Documents
import Mooring
import MooringModel

struct Rollback: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Take production back, now, by a revert commit.",
    discussion: """
      Production is restored at once from the stored release, nothing is rendered or built again, and the revert is pushed
      beside it. When the remote can't be reached, production is restored all the same, and the revert is owed until it
      can be pushed. Where the environment has `signals`, it waits until they say whether it helped. Exits with 3 when
      production is restored but a push is owed, verification is unmet, or the signals don't say that it helped.

      --commit undoes commits and keeps what came after them. Where the lines were changed again, files are merged by field,
      and only a field that was itself changed again is a conflict. A table shows it with three values: base, what it was
      before the commit; current, what it is now; reverted, what the commit had made of it. --take base FIELD goes back to
      the first, --take current FIELD keeps the second.

      EXAMPLES
        mooring rollback production --reason "checkout answers 500"      to the verified release before
        mooring rollback production --to v41 --reason "back to Monday"
        mooring rollback production --commit 3f2a9c1d --reason "only this change"
        mooring rollback production --commit 3f2a9c1d..9b1c44e0 --reason "all since 3f2a9c1d"
        mooring rollback production --commit 3f2a9c1d --field 'spec.replicas' --reason "only this field"
        mooring rollback production --commit 3f2a9c1d --take base spec.replicas --reason "back to what it was"
        mooring rollback production --to v41 --reason test --dry-run     show, and do nothing
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Option(help: "The release to go back to: v41.")
  var to: String?
  @Option(
    help: ArgumentHelp(
      "Undo a commit by a three-way merge, or A..B, what came after A up to B; and keep what came later. Repeatable.",
      valueName: "commit|A..B"))
  var commit: [String] = []
  @Option(help: "Which parent of a merge stays, from 1; otherwise the branch that it was merged into.")
  var mainline: Int?
  @Option(help: "Undo the commit in this file or folder alone. Repeatable.")
  var path: [RelativePath] = []
  @Option(help: "Undo the commit in this object alone: Kind/name or Kind/namespace/name.")
  var resource: String?
  @Option(help: "Undo the commit in this field alone: 'spec.containers[name=web].image'.")
  var field: FieldPath?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Decide a conflict: base is what the field was before the commit, current what it is now. Repeatable.",
      valueName: "base|current FIELD"))
  var take: [String] = []
  @Option(help: "Why; it stands in the revert commit and in the journal.")
  var reason: String
  @Flag(
    help: "Go on although the revert changes inputs of other environments too; --dry-run shows what they would get.")
  var includeShared = false
  @Flag(help: "Show what would be done, and do nothing.")
  var dryRun = false
  @Flag(help: "Don't ask.")
  var yes = false
  @Flag(help: "Don't wait for the signals to say whether it helped; the watcher does.")
  var noWait = false

  func validate() throws {
    if to != nil && !commit.isEmpty { throw ValidationError("--to and --commit exclude each other") }
    if let to, ReleaseNumber(parsing: to) == nil { throw ValidationError("--to takes a release's number, such as v41") }
    if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must say something") }
    if commit.isEmpty, mainline != nil || !path.isEmpty || resource != nil || field != nil || !take.isEmpty {
      throw ValidationError("--mainline, --path, --resource, --field and --take say more of a --commit")
    }
    _ = try decisions()
  }

  private func decisions() throws -> [RevertDecision] {
    try stride(from: 0, to: take.count, by: 2).map { place in
      guard let side = RevertDecision.Side(rawValue: take[place]), place + 1 < take.count else {
        throw ValidationError("--take is followed by base or current and one field; the environment comes before it")
      }
      return RevertDecision(side, take[place + 1])
    }
  }

  private func choice() throws -> RollbackChoice {
    if let number = to.flatMap({ ReleaseNumber(parsing: $0) }) { return .release(number) }
    guard !commit.isEmpty else { return .previous }
    return .undo(
      UndoChoice(
        commit, mainline: mainline, part: RevertPart(paths: path, resource: resource, field: field),
        decisions: try decisions()))
  }

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let context = try workspace.environment(environment)
      try await workspace.adoptJournalIfNew(context)
      let request = try await context.revertRequest(
        try choice(), reason: reason, by: .operatorAtTerminal, includeShared: includeShared)
      if dryRun || !yes { try await preview(request, context) }
      if dryRun { return }
      let report = try await workspace.rollback(context, request, observer: Storyteller.observer)
      try await RollbackConclusion(
        environment: environment, workspace: workspace, context: context, output: output, waits: !noWait
      ).conclude(report)
    }
  }

  private func preview(_ request: RevertRequest, _ context: EnvironmentContext) async throws {
    let preview = try await shown(request, context)
    let text = RollbackPlanText(environment: environment, preview: preview).text
    if dryRun {
      try output.print(RollbackPlanAnswer(environment, preview)) { text }
      if let refusal = preview.refusal { throw refusal }
      return
    }
    guard Terminal.canAsk else { return }
    Terminal.say(text)
    if let refusal = preview.refusal { throw refusal }
    guard Terminal.confirm("Roll back?") != false else {
      throw Fault(.usage, "nothing was done", remedy: "answer y, or say --yes")
    }
  }

  /// What is in conflict is printed as JSON, too, before it is refused.
  private func shown(_ request: RevertRequest, _ context: EnvironmentContext) async throws -> RollbackPreview {
    do {
      return try await context.preview(request)
    } catch let stopped as RevertStopped {
      if dryRun, output.output == .json {
        try output.print(RollbackConflictsAnswer(environment: environment.string, conflicts: stopped.conflicts)) { "" }
      }
      throw stopped.fault
    }
  }
}
