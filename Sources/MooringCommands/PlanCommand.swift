import ArgumentParser
import Mooring
import MooringModel

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a deployment would change.",
    discussion: """
      Compares the newest release that was fetched, or another one, with what production runs; in a cluster, with what is
      live there, object by object, as the server itself says. Touches nothing. Exits with 2 when there is a difference.

      EXAMPLES
        mooring plan production
        mooring plan production --revision v41
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName

  @Option(help: "A release: v41, a commit, or a time.")
  var revision: String?

  private struct Answer: Encodable {
    var environment: String
    var from: String?
    var to: String
    var digest: String
    var changes: [ReleaseChange]
    var objects: [PlannedObject]?
    var problem: String?
  }

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let context = try workspace.environment(environment)
      try await workspace.fetchIfNew(context)
      let plan = try await context.plan(to: revision.map { try ReleaseSelector(parsing: $0) })
      let answer = Answer(
        environment: environment.string, from: plan.from?.hex, to: plan.to.label, digest: plan.to.digest.hex,
        changes: plan.changes, objects: plan.objects, problem: plan.problem?.description)
      try output.print(answer) { PlanText(environment: environment, plan: plan).text }
      if !plan.isEmpty { throw ExitCode(2) }
    }
  }
}
