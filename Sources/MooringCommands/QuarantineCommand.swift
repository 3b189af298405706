import ArgumentParser
import Mooring
import MooringModel

struct QuarantineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quarantine",
    abstract: "Show what automation must not deploy again, or let it pass.",
    discussion: """
      What was rolled back isn't deployed again by itself: not the same release, not an image that it brought, and not all
      of the fields that it changed with the values that they had there. A person deploys it with `mooring sync`.

      EXAMPLES
        mooring quarantine production
        mooring quarantine production --lift 3f2a9c1d --reason "the database was to blame"
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions
  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Option(help: "Let this pass from now on: a revision, a digest, or a release's number.")
  var lift: String?
  @Option(help: "Why it is lifted.")
  var reason = "asked for"

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let context = try workspace.environment(environment)
      if let lift { return try await self.lift(lift, workspace, context) }
      let report = try QuarantineReport(context)
      try output.print(report) { Self.text(report) }
    }
  }

  private func lift(_ text: String, _ workspace: Workspace, _ context: EnvironmentContext) async throws {
    let entry = try context.quarantined(text)
    let report = try await workspace.record(
      context, .liftQuarantine(entry.digest, reason: reason), by: .operatorAtTerminal, observer: Storyteller.waiting)
    if let fault = report.refusals.first { throw fault }
    try output.print(QuarantineReport(context)) { "\(environment): \(entry.label) may be deployed again" }
  }

  private static func text(_ report: QuarantineReport) -> String {
    guard !report.entries.isEmpty else { return "\(report.environment): nothing is in quarantine" }
    let blocked = report.blocked.map { [Terminal.plainLine($0.message(in: report.environment))] }
    return (report.entries.reversed().flatMap(lines) + (blocked ?? [])).joined(separator: "\n")
  }

  private static func lines(_ entry: QuarantineReport.Entry) -> [String] {
    let since = entry.since.map { " since \($0)" } ?? ""
    let end = entry.expired ? ", and blocks nothing any more" : entry.until.map { " until \($0)" } ?? ""
    var lines = ["\(entry.release)  \(entry.revision.prefix(8))\(since)\(end): \(entry.reason)"]
    lines += entry.images?.map { "  image \($0)" } ?? []
    lines += entry.fields?.map { "  \($0.description)" } ?? []
    if let more = entry.more, more > 0 { lines.append("  and \(more) more") }
    return lines.map(Terminal.plainLine)
  }
}
