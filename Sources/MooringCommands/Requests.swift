import ArgumentParser
import Mooring
import MooringModel

/// Records what a person says about an environment, and prints one line.
private func record(
  _ request: Request, about environment: EnvironmentName, _ shared: SharedOptions, saying line: String
) async throws {
  try await record(about: environment, shared, saying: line) { _ in request }
}

/// The same of what depends on the environment's story.
private func record(
  about environment: EnvironmentName, _ shared: SharedOptions, saying line: String,
  _ request: (EnvironmentContext) throws -> Request
) async throws {
  try await running {
    let workspace = try await shared.workspace()
    let context = try workspace.environment(environment)
    let report = try await workspace.record(
      context, request(context), by: .operatorAtTerminal, observer: Storyteller.waiting)
    if let fault = report.refusals.first { throw fault }
    print("\(environment): \(Terminal.plain(line))")
  }
}

struct HoldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Stop automatic deployment until `mooring resume`.",
    discussion: """
      Observing and rollbacks go on.

      EXAMPLES
        mooring hold production --reason "freeze until Monday"
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Option(help: "Why.")
  var reason: String

  func run() async throws {
    try await record(.hold(reason: reason), about: environment, shared, saying: "held: \(reason)")
  }
}

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Lift the holds of an environment.",
    discussion: """
      EXAMPLES
        mooring resume production --reason "the freeze is over"
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Option(help: "Why.")
  var reason = "asked for"

  func run() async throws {
    try await record(.resume(reason: reason), about: environment, shared, saying: "resumed")
  }
}

struct NoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Write a note into the story.",
    discussion: """
      EXAMPLES
        mooring note production "load test from 14:00 to 15:00"
        mooring note production "the cache was cold" --incident 7f3k2a
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Argument(help: "The note.")
  var text: String
  @Option(help: "The rollback whose report it belongs to: its identifier, or the last characters of it.")
  var incident: String?

  func run() async throws {
    try await record(about: environment, shared, saying: "noted") { context in
      .note(text, incident: try incident.map { try context.incidentIdentifier($0) })
    }
  }
}

struct TakeoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "takeover",
    abstract: "Make this state directory the environment's one writer.",
    discussion: """
      The state directory that deploys an environment owns its journal; any other is read-only for it. Take over only when
      the other one has stopped for good.

      EXAMPLES
        mooring takeover production
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The environment.")
  var environment: EnvironmentName

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let report = try await workspace.takeover(
        workspace.environment(environment), by: .operatorAtTerminal, observer: Storyteller.waiting)
      if let fault = report.refusals.first { throw fault }
      print("\(environment): taken over")
    }
  }
}
