import ArgumentParser
import Mooring
import MooringModel

struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the configuration of a release, or of a moment in production.",
    discussion: """
      EXAMPLES
        mooring show production                              the files that run now
        mooring show production@v41 checkout.yaml            a file of v41
        mooring show production@2026-03-01T09:00:00Z         as production had it then
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "ENV, ENV@vN or ENV@TIME.")
  var place: String

  @Argument(help: "A file of the release.")
  var path: String?

  private struct Answer: Encodable {
    var environment: String
    var release: String
    var revision: String
    var digest: String
    var signature: ReleaseSignature?
    var files: [String]?
    var path: String?
    var content: String?
  }

  func run() async throws {
    try await running {
      let parts = place.split(separator: "@", maxSplits: 1).map(String.init)
      let name = try EnvironmentName(parts.first ?? "")
      let context = try await shared.workspace().environment(name)
      let release = try await context.release(parts.count > 1 ? ReleaseSelector(parsing: parts[1]) : .deployed)
      var answer = Answer(
        environment: name.string, release: release.label, revision: release.revision.hex, digest: release.digest.hex)
      answer.signature = try release.number.flatMap { try context.signature(of: $0) }
      guard let path else {
        let files = try context.files(of: release).map(\.path.string)
        answer.files = files
        return try output.print(answer) {
          "\(name) \(release.label), revision \(release.revision.short)\n"
            + (answer.signature.map { Terminal.plainLine($0.description) + "\n" } ?? "")
            + files.map(Terminal.plainLine).joined(separator: "\n")
        }
      }
      let content = try context.file(RelativePath(path), of: release)
      answer.path = path
      answer.content = String(decoding: content, as: UTF8.self)
      if output.output == .text { return Terminal.print(content) }
      try output.print(answer) { "" }
    }
  }
}
