import ArgumentParser
import Mooring
import MooringModel

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show release, health, drift, holds and pending reverts.",
    discussion: """
      Exits with 2 when something needs attention.

      EXAMPLES
        mooring status
        mooring status production --output json
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment; all of them where none is named.")
  var environment: EnvironmentName?

  private struct Answer: Encodable {
    var environments: [StatusReport]
  }

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      var reports: [StatusReport] = []
      for name in environment.map({ [$0] }) ?? workspace.environmentNames {
        reports.append(try await StatusReport(workspace.environment(name)))
      }
      try output.print(Answer(environments: reports)) { reports.map(Self.text).joined(separator: "\n") }
      if reports.contains(where: \.needsAttention) { throw ExitCode(2) }
    }
  }

  private static func text(_ report: StatusReport) -> String {
    var lines = ["\(report.name): \(report.release?.label ?? "nothing deployed"), \(report.sync), \(report.health)"]
    if let release = report.release {
      lines.append(
        "  since \(release.since), revision \(release.revision.prefix(8)), digest \(release.digest.prefix(8))")
    }
    if let signature = report.release?.signature { lines.append("  \(Terminal.plainLine(signature.description))") }
    if let newest = report.newest, newest != report.release?.label { lines.append("  newest release: \(newest)") }
    if let refused = report.refused {
      lines.append("  not deployed: \(refused.release), \(Terminal.plainLine(refused.reason))")
    }
    if let activity = report.activity { lines.append("  now: \(activity)") }
    for hold in report.holds { lines.append("  held by \(hold.by) since \(hold.since): \(hold.reason)") }
    lines += drift(report.drift, of: report.name)
    for owed in report.owed {
      lines.append("  revert \(owed.revert.prefix(8)) is owed since \(owed.since)\(owed.why.map { ": " + $0 } ?? "")")
    }
    for entry in report.quarantine { lines.append("  in quarantine: \(entry.release) (\(entry.reason))") }
    if let blocked = report.blocked {
      lines.append("  blocked: \(Terminal.plainLine(blocked.message))")
    }
    if let waiting = report.waiting { lines.append("  waiting: \(Terminal.plainLine(waiting.reason))") }
    if let rehearsal = report.rehearsal {
      lines.append("  by dryRun not rolled back to \(rehearsal.to): \(Terminal.plainLine(rehearsal.reason))")
    }
    if let failure = report.lastFailure { lines.append("  last failure: \(failure)") }
    if let problem = report.fetch?.problem { lines.append("  the remote doesn't answer: \(problem)") }
    if let behind = report.worker?.behind { lines.append("  \(Terminal.plainLine(behind.text))") }
    if let worker = report.worker { lines.append("  worked on by \(worker.holder), as of \(worker.at)") }
    if let unseen = report.unseen {
      lines.append("  changes aren't seen as they happen since \(unseen.since): \(Terminal.plainLine(unseen.reason))")
    }
    if let lost = report.lostJournal {
      lines.append("  the journal lacks \(lost.prefix(12)), which was its head here: see `mooring audit verify`")
    }
    if report.readOnly { lines.append("  read-only here: another state directory is its one writer") }
    return lines.joined(separator: "\n")
  }

  private static func drift(_ drift: StatusReport.Drift, of environment: String) -> [String] {
    guard let first = drift.items.first else { return [] }
    let what = "\(first.object) \(first.summary)\(first.by.map { " by \($0)" } ?? "")"
    let more = drift.count == 1 ? "" : ", and \(drift.count - 1) more"
    return ["  drift: \(Terminal.plainLine(what))\(more); see `mooring drift \(environment)`"]
  }
}
