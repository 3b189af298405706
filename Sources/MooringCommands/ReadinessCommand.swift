import ArgumentParser
import Mooring
import MooringModel
import Readiness
import Registries

struct ReadinessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "readiness",
    abstract: "Say whether one could go back right now, and to what.",
    discussion: """
      Looks at the releases that ran before: their trees, the revert to each, the images that they name, and what
      migrations took away since. Asks only registries that the configuration lists. Exits with 2 when something that counts
      stands in the way.

      EXAMPLES
        mooring readiness production
        mooring readiness production --output json
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName

  private struct Answer: Encodable {
    struct Target: Encodable {
      var release: String
      var ready: Bool
      var report: FindingReport
    }
    var environment: String
    var deployed: String?
    var ready: Bool
    var answer: String
    var seconds: Double?
    var rehearsal: Standing.Rehearsal?
    var targets: [Target]
    var general: FindingReport
  }

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let context = try workspace.environment(environment)
      let readiness = try await RegistryClient.asking(workspace.configuration.registries) { registries in
        try await context.readiness(asking: registries)
      }
      try output.print(Self.answer(readiness)) { Self.text(readiness) }
      if !readiness.isReady { throw ExitCode(2) }
    }
  }

  private static func answer(_ readiness: ReadinessAnswer) -> Answer {
    Answer(
      environment: readiness.environment, deployed: readiness.deployed, ready: readiness.isReady,
      answer: readiness.line, seconds: readiness.seconds,
      rehearsal: readiness.rehearsal,
      targets: readiness.targets.map {
        Answer.Target(release: $0.label, ready: $0.isOpen, report: FindingReport($0.findings))
      }, general: FindingReport(readiness.general))
  }

  private static func text(_ readiness: ReadinessAnswer) -> String {
    var lines = [Terminal.plainLine(readiness.line)]
    for target in readiness.targets where !target.findings.isEmpty {
      lines.append("  \(target.label):")
      lines += target.findings.map { "    " + Terminal.plainLine(FindingText.line($0)) }
    }
    if let rehearsal = readiness.rehearsal, rehearsal.problem == nil {
      let took = rehearsal.seconds.map { " in \(Double(Int($0 * 100)) / 100) s" } ?? ""
      lines.append("  rehearsed in \(rehearsal.environment) at \(rehearsal.at)\(took)")
    }
    lines += readiness.general.map { "  " + Terminal.plainLine(FindingText.line($0)) }
    return lines.joined(separator: "\n")
  }
}
