import ArgumentParser
import Mooring
import MooringJournal
import MooringModel

struct DrillCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drill",
    abstract: "Rehearse going back, on the real target, and return.",
    discussion: """
      Deploys the release before the one that runs, asks all gates, compares production with the release, and returns to
      what ran. Only where the environment has `drills`, and nothing is known that would stop it. Nothing is committed or
      pushed to the branch. While it is under way nothing else is deployed; a command that waits, or a newer revision, ends
      it early. Exits with 2 when going back didn't succeed but production is what it was, with 1 when it isn't.

      EXAMPLES
        mooring drill staging
        mooring drill production --to v41
        mooring drill production --report               of the last one, and do nothing
        mooring drill production --output json
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Option(help: "The release to go back to: v41. Otherwise the verified one before.")
  var to: String?
  @Flag(help: "Don't ask.")
  var yes = false
  @Flag(help: "Print the report of the last drill, and do nothing.")
  var report = false

  func validate() throws {
    if let to, ReleaseNumber(parsing: to) == nil { throw ValidationError("--to takes a release's number, such as v41") }
    if report, to != nil { throw ValidationError("--report and --to exclude each other") }
  }

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let context = try workspace.environment(environment)
      if report { return try show(try last(of: context, nil)) }
      try ask(context)
      let request = DrillRequest(to: to.flatMap { ReleaseNumber(parsing: $0) }, by: .operatorAtTerminal)
      let ended = try await workspace.drill(context, request, observer: Storyteller.observer)
      let id = ended.events.lazy.compactMap { event -> Identifier? in
        if case .drillStarted(let started) = event.payload { started.drill } else { nil }
      }.first
      guard let id else { throw ended.refusals.first ?? Fault(.unexpected, "the drill did not begin") }
      try show(try last(of: context, id))
    }
  }

  private func ask(_ context: EnvironmentContext) throws {
    guard !yes, Terminal.canAsk else { return }
    let state = try context.head().state
    guard let from = state.deployed?.release.label, let target = to ?? state.previous?.release.label else { return }
    Terminal.say("\(environment) will run \(target) for a moment, and then \(from) again.")
    guard Terminal.confirm("Drill?") != false else {
      throw Fault(.usage, "nothing was done", remedy: "answer y, or say --yes")
    }
  }

  private func last(of context: EnvironmentContext, _ id: Identifier?) throws -> DrillReport {
    if let report = try context.drillReport(id) { return report }
    throw Fault(.notFound, "going back was never rehearsed", at: environment.string)
  }

  private func show(_ report: DrillReport) throws {
    try output.print(report) { report.text }
    guard report.outcome != "verified" || report.returned != true else { return }
    throw ExitCode(report.returned == true ? 2 : 1)
  }
}
