import ArgumentParser
import Mooring
import MooringModel

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two releases by field.",
    discussion: """
      A release is v41, deployed, newest, a time (what ran then) or a commit. Exits with 2 when they differ.

      EXAMPLES
        mooring diff production v40 v41
        mooring diff production 2026-03-01T09:00:00Z deployed
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Argument(help: "The older release.")
  var from: String
  @Argument(help: "The newer release.")
  var to: String

  private struct Answer: Encodable {
    var environment: String
    var from: String
    var to: String
    var changes: [ReleaseChange]
  }

  func run() async throws {
    try await running {
      let context = try await shared.workspace().environment(environment)
      let old = try await context.release(ReleaseSelector(parsing: from))
      let new = try await context.release(ReleaseSelector(parsing: to))
      let changes = try context.difference(from: old.digest, to: new.digest)
      let answer = Answer(environment: environment.string, from: old.label, to: new.label, changes: changes)
      try output.print(answer) {
        changes.isEmpty ? "\(old.label) and \(new.label) are the same" : ChangeText.text(changes)
      }
      if !changes.isEmpty { throw ExitCode(2) }
    }
  }
}
