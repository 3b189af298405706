import ArgumentParser
import Mooring
import MooringModel

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Hand out the record of an environment, and prove that nobody edited it.",
    subcommands: [AuditReport.self, AuditVerify.self, AuditAcknowledge.self, AuditAnchor.self],
    defaultSubcommand: AuditReport.self)
}

struct AuditReport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Changes, approvals, deployments, drift, rollbacks and gaps of a period.",
    discussion: """
      Everything that happened, each thing once, with how it ended. Values of secrets are not in it.

      EXAMPLES
        mooring audit production --since 2026-01-01 --until 2026-04-01 --output markdown
        mooring audit production --output csv
        mooring audit production --output json               an object a line
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case json, csv, markdown }

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Option(help: "From this time on: 2026-03-01, or a time in RFC 3339.")
  var since: Timestamp?
  @Option(help: "Before this time.")
  var until: Timestamp?
  @Option(help: "How to print: json, csv or markdown.")
  var output = Format.markdown

  func run() async throws {
    try await running {
      let context = try await shared.workspace().environment(environment)
      let export = try context.audit(AuditPeriod(since: since, until: until))
      switch output {
      case .json: for line in try export.lines() { print(line) }
      case .csv: Terminal.print(Array(AuditCSV(export.entries).text.utf8))
      case .markdown: Terminal.print(Array(export.markdown.utf8))
      }
    }
  }
}

struct AuditVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that the journal is whole, and say what can't be proved.",
    discussion: """
      Looks at every commit, event and referenced object, and compares with the remote's copy and the index. Exits with 2
      when something doesn't hold, and names the first event that doesn't. Asks nobody without --fetch, and changes no
      journal.

      EXAMPLES
        mooring audit verify
        mooring audit verify --fetch                          with what the remote has now
        mooring audit verify production --output json
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions
  @Argument(help: "The environment; all of them where none is named.")
  var environment: EnvironmentName?
  @Flag(help: "Ask the remote what it has now, in place of what was seen last.")
  var fetch = false

  private struct Answer: Encodable { var environments: [AuditVerification] }

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let names = environment.map { [$0] } ?? workspace.environmentNames
      let reports = try await workspace.verifyJournals(of: names, fetching: fetch)
      try output.print(Answer(environments: reports)) { reports.map(Self.text).joined(separator: "\n") }
      if reports.contains(where: { !$0.holds }) { throw ExitCode(2) }
    }
  }

  private static func text(_ report: AuditVerification) -> String {
    let count = "\(report.events) event\(report.events == 1 ? "" : "s")"
    let rest =
      report.acknowledged.map { "  acknowledged: \(Terminal.plainLine($0))" }
      + report.proved.map { "  proved: \($0)" } + report.unproved.map { "  not proved: \($0)" }
    guard let first = report.findings.first else {
      return (["\(report.environment): \(count), and everything holds"] + rest).joined(separator: "\n")
    }
    var lines = ["\(report.environment): it doesn't hold from here on: \(Terminal.plainLine(first.description))"]
    lines += report.findings.dropFirst().prefix(19).map { "  also: \(Terminal.plainLine($0.description))" }
    let more = report.findings.count - 20 + report.more
    if more > 0 { lines.append("  and \(more) more") }
    return (lines + rest).joined(separator: "\n")
  }
}

struct AuditAcknowledge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "acknowledge",
    abstract: "Record that you know of a head that the journal lacks, and why that is no reason for alarm.",
    discussion: """
      A journal that was lost with its disk and came back from the remote, or a commit of somebody's that names a head which
      never was. It is a part of the record from then on; `mooring audit verify` tells of it and holds all the same, and
      `mooring status` is at rest.

      EXAMPLES
        mooring audit acknowledge production 1a2b3c4d --reason "the disk of host-7 was replaced"
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Argument(help: "The commit that `mooring audit verify` names: its id, or seven digits of it and more.")
  var head: String
  @Option(help: "Why.")
  var reason: String

  func validate() throws {
    guard (7...40).contains(head.utf8.count), head.allSatisfy(\.isHexDigit) else {
      throw ValidationError("not a commit's id: \(head.prefix(64))")
    }
    if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason is empty") }
  }

  func run() async throws {
    try await running {
      let finding = try await shared.workspace().acknowledge(
        head.lowercased(), of: environment, reason: reason, by: .operatorAtTerminal)
      print("\(environment): acknowledged: \(Terminal.plainLine(finding.description))")
    }
  }
}

struct AuditAnchor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchor",
    abstract: "Have the journal time-stamped now; the watcher does it by itself.",
    discussion: """
      EXAMPLES
        mooring audit anchor production
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The environment.")
  var environment: EnvironmentName

  func run() async throws {
    try await running {
      let anchored = try await shared.workspace().anchorJournal(of: environment, by: .operatorAtTerminal)
      print(
        anchored.map { "\(environment): \($0.head.short) time-stamped at \($0.time) by \(Terminal.plainLine($0.by))" }
          ?? "\(environment): nothing new since the last time-stamp")
    }
  }
}
