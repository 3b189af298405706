import ArgumentParser
import Mooring
import MooringModel

struct RunbookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runbook",
    abstract: "Print how to take production back, also by hand.",
    discussion: """
      Prints the commands for this environment as it is configured and deployed now, with real remotes, folders and
      contexts. Touches nothing, and asks nobody.

      EXAMPLES
        mooring runbook production > /srv/runbooks/production.md
        mooring runbook production --script                the steps by hand alone, for a shell
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Flag(help: "Only the commands by hand, as a script.")
  var script = false

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let runbook = try workspace.runbook(workspace.environment(environment))
      try output.print(runbook) { script ? runbook.script : runbook.text }
    }
  }
}
