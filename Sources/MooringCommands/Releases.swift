import ArgumentParser
import Mooring
import MooringJournal
import MooringModel

struct Releases: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "releases",
    abstract: "List releases, newest first.",
    discussion: """
      EXAMPLES
        mooring releases production
        mooring releases production --limit 0 --output json
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName

  @Option(help: "How many at most; 0 is all.")
  var limit = 20

  private struct Row: Encodable {
    var number: Int
    var revision: String
    var committed: Timestamp
    var author: String
    var summary: String
    var digest: String?
    var refusal: String?
    var signature: ReleaseSignature?
    var live: Bool
    var verified: Bool
    var quarantined: Bool
  }

  private struct Answer: Encodable {
    var environment: String
    var releases: [Row]
  }

  func run() async throws {
    try await running {
      let context = try await shared.workspace().environment(environment)
      let state = try context.head().state
      let rows = try context.allReleases(limit: limit > 0 ? limit : nil).map { Self.row($0, state) }
      try output.print(Answer(environment: environment.string, releases: rows)) {
        rows.isEmpty ? "\(environment) has no releases yet" : rows.map(Self.text).joined(separator: "\n")
      }
    }
  }

  private static func row(_ release: ReleaseSummary, _ state: EnvironmentState) -> Row {
    Row(
      number: release.number.value, revision: release.revision.hex, committed: release.committed,
      author: release.author, summary: release.summary, digest: release.digest?.hex, refusal: release.refusal,
      signature: release.signature,
      live: state.deployed?.release.number == release.number,
      verified: release.digest.map { digest in state.verified.contains { $0.release.digest == digest } } ?? false,
      quarantined: release.digest.map { state.quarantine.entry(blocking: $0) != nil } ?? false)
  }

  private static func text(_ row: Row) -> String {
    let notes = [
      row.live ? "live" : nil, row.quarantined ? "quarantined" : nil, row.refusal.map { "refused: \($0)" },
      row.verified && !row.live ? "verified" : nil,
      row.refusal == nil ? row.signature.map { Terminal.plainLine($0.description) } : nil,
    ].compactMap { $0 }
    let date = row.committed.description.prefix(10)
    let note = notes.isEmpty ? "" : "  [\(notes.joined(separator: ", "))]"
    return "v\(row.number)  \(row.revision.prefix(8))  \(date)  \(row.summary) (\(row.author))\(note)"
  }
}
