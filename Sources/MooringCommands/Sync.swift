import ArgumentParser
import Mooring
import MooringModel

struct Sync: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Fetch, and reconcile now.",
    discussion: """
      EXAMPLES
        mooring sync production
        mooring sync production --despite-hold
      """)

  @OptionGroup var shared: SharedOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName

  @Flag(help: "Deploy although the environment is held.")
  var despiteHold = false

  @Flag(help: "Deploy although the drill that `requireDrill` asks for hasn't succeeded.")
  var withoutDrill = false

  @Flag(help: "Deploy although nothing proves that there is a backup before something is destroyed.")
  var withoutBackup = false

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let context = try workspace.environment(environment)
      let initiator = Initiator.operatorAtTerminal
      let report = try await workspace.sync(
        context,
        SyncRequest(
          initiator: initiator, despiteHold: despiteHold, withoutDrill: withoutDrill, withoutBackup: withoutBackup),
        observer: Storyteller.observer)
      let state = report.state
      print(
        "\(environment): \(state.deployed?.release.label ?? "nothing deployed")\(state.deployed?.verified == true ? ", verified" : "")"
      )
      guard report.refusals.isEmpty else {
        for fault in report.refusals { Terminal.complain(fault.description) }
        throw ExitCode.failure
      }
    }
  }
}
