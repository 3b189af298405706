import ArgumentParser
import Mooring
import MooringModel

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two releases, of one environment or of two.",
    discussion: """
      A release is v41, deployed, newest, a time (what ran then) or a commit. Exits with 2 when they differ.

      EXAMPLES
        mooring diff production v40 v41
        mooring diff production 2026-03-01T09:00:00Z deployed
        mooring diff production v40 v41 --by resource
        mooring diff production v40 v41 --unified
        mooring diff staging..production                     what runs in one and not in the other
        mooring diff staging@v12..production@v41
      """)

  enum Grouping: String, ExpressibleByArgument, CaseIterable { case field, resource }

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment, or two of them: staging..production.")
  var environment: String
  @Argument(help: "The older release.")
  var from: String?
  @Argument(help: "The newer release.")
  var to: String?
  @Option(help: "Tell differences by field, or by resource.")
  var by = Grouping.field
  @Flag(help: "Show the differences as text.")
  var unified = false

  private struct Answer: Encodable {
    var environment: String
    /// Where it is another one.
    var toEnvironment: String?
    var from: String
    var to: String
    var changes: [ReleaseChange]?
    var resources: [ResourceChange]?
    var unified: String?
  }

  func run() async throws {
    try await running {
      let (old, new) = try sides()
      let difference = try await shared.workspace().difference(from: old, to: new)
      var answer = Answer(
        environment: old.0.string, from: difference.from.release.label, to: difference.to.release.label)
      if old.0 != new.0 { answer.toEnvironment = new.0.string }
      let text = try fill(&answer, from: difference)
      try output.print(answer) { text.isEmpty ? same(old.0, new.0, answer) : text }
      if !text.isEmpty { throw ExitCode(2) }
    }
  }

  private func fill(_ answer: inout Answer, from difference: ConfigurationDifference) throws -> String {
    if unified {
      let text = try difference.unified()
      answer.unified = text
      return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
    if by == .resource {
      let resources = try difference.resources()
      answer.resources = resources
      return ChangeText.text(resources)
    }
    let changes = try difference.changes()
    answer.changes = changes
    return ChangeText.text(changes)
  }

  private func same(_ old: EnvironmentName, _ new: EnvironmentName, _ answer: Answer) -> String {
    old == new
      ? "\(answer.from) and \(answer.to) are the same"
      : "\(old) \(answer.from) and \(new) \(answer.to) are the same"
  }

  private typealias Side = (EnvironmentName, ReleaseSelector)

  private func sides() throws -> (Side, Side) {
    if let dots = environment.firstRange(of: "..") {
      guard from == nil, to == nil else {
        throw Fault(
          .usage, "two environments are compared without FROM and TO", remedy: "as in staging@v12..production@v41")
      }
      return (try side(environment[..<dots.lowerBound]), try side(environment[dots.upperBound...]))
    }
    guard let from, let to else {
      throw Fault(.usage, "FROM and TO are missing", remedy: "as in `mooring diff \(environment) v40 v41`")
    }
    let name = try EnvironmentName(environment)
    return ((name, try ReleaseSelector(parsing: from)), (name, try ReleaseSelector(parsing: to)))
  }

  private func side(_ text: some StringProtocol) throws -> Side {
    let place = try Place(parsing: text)
    return (place.environment, place.release ?? .deployed)
  }
}
