import ArgumentParser
import Mooring
import MooringModel

struct IncidentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "incident",
    abstract: "Print the report of a rollback.",
    discussion: """
      A Markdown document, made from the journal alone: what happened when, what the release had changed, who, gates, the
      verdict, and what is still to be done. It grows with `mooring note --incident`.

      EXAMPLES
        mooring incident production                    of the newest rollback
        mooring incident production 7f3k2a > incident.md
        mooring incident production --output json
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Argument(help: "The rollback: its identifier, or the last characters of it.")
  var id: String?

  func run() async throws {
    try await running {
      let report = try await shared.workspace().environment(environment).incident(id)
      try output.print(report) { String(report.text.dropLast()) }
    }
  }
}
