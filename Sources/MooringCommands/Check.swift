import ArgumentParser
import FoundationEssentials
import Git
import Mooring
import MooringModel
import Readiness

struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say what in a change stands in the way of going back.",
    discussion: """
      For the pipeline of a pull request: works in a clone of the configuration repository, without state and without a
      network, and changes nothing there. Compares REV (HEAD) with the commit where it left the branch, renders both as the
      environments would, and undoes the change in memory on what the branch is now. Commits are named by all 40 digits or by
      a reference. Exits with 2 where a finding is an error that isn't waived.

      EXAMPLES
        mooring check
        mooring check --base origin/main
        mooring check --output sarif > mooring.sarif
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

  @Option(help: "The configuration. Otherwise MOORING_CONFIG, ./mooring.yaml or /etc/mooring/mooring.yaml.")
  var config: String?
  @Option(help: "What to compare with.")
  var base: String?
  @Option(help: "Which of the configuration's repositories this clone is of, where there are several.")
  var repository: String?
  @Option(help: "How to print: text, json or sarif.")
  var output = Format.text
  @Flag(help: "Leave it to the deployment to see that there is a backup: it waits for one.")
  var withoutBackup = false
  @Argument(help: "The commit to check.")
  var revision = "HEAD"

  private struct Answer: Encodable {
    struct Environment: Encodable {
      var environment: String
      var report: FindingReport
    }
    var base: String?
    var revision: String
    var environments: [Environment]
  }

  func run() async throws {
    try await running {
      let clone = try WorkingClone(around: FileManager.default.currentDirectoryPath)
      let check = ChangeCheck(try SharedOptions.configuration(config), clone: clone, asksForBackup: !withoutBackup)
      let repository = try check.repository(repository)
      let head = try clone.commit(named: revision)
      let base =
        try base.map { try clone.commit(named: $0) }
        ?? clone.base(of: head, branch: repository.configuration.branch)
      let results = try await check.results(
        of: repository.name, from: base, to: head, on: clone.tip(of: repository.configuration.branch))
      try show(results, base, head)
      if results.contains(where: { $0.findings.contains(where: \.counts) }) { throw ExitCode(2) }
    }
  }

  private func show(_ results: [ChangeCheck.Result], _ base: ObjectID?, _ head: ObjectID) throws {
    switch output {
    case .text: for result in results { print(Terminal.plain(Self.text(result))) }
    case .json:
      try Terminal.printJSON(
        Answer(
          base: base?.hex, revision: head.hex,
          environments: results.map { .init(environment: $0.environment.string, report: FindingReport($0.findings)) }))
    case .sarif:
      try Terminal.printJSON(
        SARIFLog(Self.merged(results), version: MooringCommand.configuration.version))
    }
  }

  /// A finding that several environments have is one line of a change.
  private static func merged(_ results: [ChangeCheck.Result]) -> [Finding] {
    var seen: Set<Finding> = []
    return results.flatMap(\.findings).filter { seen.insert($0).inserted }
  }

  private static func text(_ result: ChangeCheck.Result) -> String {
    let report = FindingReport(result.findings)
    guard !result.findings.isEmpty else { return "\(result.environment): nothing stands in the way of going back" }
    let waived = result.findings.count { $0.waived != nil }
    let counts = [(report.errors, "error"), (report.warnings, "warning"), (waived, "waived")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 > 1 && $0.1 != "waived" ? "s" : "")" }
    return FindingText.text(result.findings) + "\n\(result.environment): " + counts.joined(separator: ", ")
  }
}
