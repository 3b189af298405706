import ArgumentParser
import Mooring
import MooringModel

struct NotificationsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notifications",
    abstract: "Work on who is told of what happens.",
    subcommands: [Test.self])

  struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "test",
      abstract: "Send a test message to each channel, and say what came of it.",
      discussion: """
        Exits with 1 where one isn't delivered.

        EXAMPLES
          mooring notifications test
          mooring notifications test --only slack-1a2b3c4d
        """)

    @OptionGroup var shared: SharedOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "This channel alone, by its name.")
    var only: String?

    func run() async throws {
      try await running {
        let results = try await shared.workspace().testNotifications(only: only, by: .operatorAtTerminal)
        try output.print(results) {
          results.map { "\($0.channel): \($0.problem.map { "not delivered: \($0)" } ?? "delivered")" }
            .joined(separator: "\n")
        }
        if results.contains(where: { $0.problem != nil }) { throw ExitCode(1) }
      }
    }
  }
}
