import ArgumentParser
import Mooring
import MooringModel

struct BlameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blame",
    abstract: "Show each field as production has it, with the last commit or hand that set it.",
    discussion: """
      EXAMPLES
        mooring blame production deployment/shop/web
        mooring blame production app/config.yaml
        mooring blame production app/config.yaml --at v41
        mooring blame production app/config.yaml --at 2026-03-01T09:00:00Z     as production had it then
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @OptionGroup var asked: SubjectArguments

  @Option(help: "A release (v41), or a moment in production, in place of now.")
  var at: String?

  func run() async throws {
    try await running {
      let context = try await shared.workspace().environment(asked.environment)
      let report = try await context.blame(
        of: asked.subject, at: at.map { try ReleaseSelector(parsing: $0) }, progress: IndexProgress.show)
      try output.print(report) { Self.text(report) }
    }
  }

  private static func text(_ report: BlameReport) -> String {
    let file = report.file.map { $0 == report.subject ? "" : " in \(Terminal.plainLine($0))" } ?? ""
    var lines = ["\(report.environment) \(report.release): \(Terminal.plainLine(report.subject))\(file)"]
    if let problem = report.problem {
      lines.append("it can't be read there (\(Terminal.plainLine(problem))); below is what could be read last")
    }
    for field in report.fields {
      let name = HistoryText.name(field.document, field.field)
      let value = field.isSecret ? "a secret value" : field.value.map(HistoryText.short) ?? "(removed)"
      lines.append(Terminal.plainLine("\(name): \(value)"))
      lines.append("    " + Terminal.plainLine(setter(field)))
    }
    return lines.joined(separator: "\n")
  }

  private static func setter(_ field: BlameReport.Field) -> String {
    if let hand = field.hand {
      let who = hand.by?.description ?? Attribution.unknown.description
      return "by hand: \(who)" + (field.since.map { ", \(HistoryText.time($0))" } ?? "")
    }
    guard let commit = field.commit else { return "unknown" }
    let release = field.release.map { "  \($0)" } ?? ""
    let merge = field.merge.map { ", merged by \($0.author.name) in \($0.revision.short)" } ?? ""
    let since = field.since.map { ", in production since \(HistoryText.time($0))" } ?? ""
    return "\(commit.revision.short)\(release)  \(commit.author.name): \(commit.summary)\(merge)\(since)"
  }
}
