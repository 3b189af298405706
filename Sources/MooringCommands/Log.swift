import ArgumentParser
import Mooring
import MooringJournal
import MooringModel

struct Log: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell the story: releases, deployments, rollbacks.",
    discussion: """
      EXAMPLES
        mooring log production
        mooring log production --reverse --limit 0          from the beginning
        mooring log production --output json
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Option(help: "How many events at most; 0 is all.")
  var limit = 50
  @Flag(help: "Oldest first.")
  var reverse = false

  private struct Answer: Encodable {
    var environment: String
    var events: [Event]
  }

  func run() async throws {
    try await running {
      let context = try await shared.workspace().environment(environment)
      var events = try context.events(limit: limit > 0 ? limit : nil)
      if reverse { events.reverse() }
      try output.print(Answer(environment: environment.string, events: events)) {
        events.isEmpty
          ? "\(environment) has no story yet"
          : events.map { "\($0.time)  \(EventMessage($0).headline)" }.joined(separator: "\n")
      }
    }
  }
}
