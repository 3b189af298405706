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
      try output.print(report) { Self.lines(report) }
    }
  }

  private static func lines(_ report: BlameReport) -> TerminalLines {
    var lines = TerminalLines()
    lines.add(report.environment, " ", report.release, ": ", report.subject)
    if let file = report.file, file != report.subject { lines.add(" in ", file) }
    lines.end()
    if let problem = report.problem {
      lines.line("it can't be read there (", problem, "); below is what could be read last")
    }
    for field in report.fields {
      HistoryText.addName(field.document, field.field, to: &lines)
      lines.line(": ", field.isSecret ? "a secret value" : field.value.map(HistoryText.short) ?? "(removed)")
      lines.add("    ")
      addSetter(of: field, to: &lines)
      lines.end()
    }
    return lines
  }

  private static func addSetter(of field: BlameReport.Field, to lines: inout TerminalLines) {
    if let hand = field.hand {
      lines.add("by hand: ", hand.by?.description ?? Attribution.unknown.description)
      guard let since = field.since else { return }
      lines.add(", ")
      return lines.add(since)
    }
    guard let commit = field.commit else { return lines.add("unknown") }
    lines.add(commit.revision)
    if let release = field.release { lines.add("  ", release) }
    lines.add("  ", commit.author.name, ": ", commit.summary)
    if let merge = field.merge {
      lines.add(", merged by ", merge.author.name, " in ")
      lines.add(merge.revision)
    }
    if let since = field.since {
      lines.add(", in production since ")
      lines.add(since)
    }
  }
}
