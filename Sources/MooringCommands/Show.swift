import ArgumentParser
import Mooring
import MooringModel

struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show the configuration of a release, or of a moment in production.",
    discussion: """
      A moment is answered by what had been deployed then, not by what the branch had. Values of secrets are left out,
      but with --with-secrets and --tree.

      EXAMPLES
        mooring show production                              the files that run now
        mooring show production@v41 checkout.yaml            a file of v41
        mooring show production@v41 checkout.yaml pool.size  a field of it
        mooring show production@2026-03-01T09:00:00Z Deployment/shop/checkout spec.replicas
        mooring show production@v41 --tree /tmp/v41          all of it, written out
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "ENV, ENV@vN or ENV@TIME.")
  var place: String

  @Argument(help: "A file of the release, or a resource as Kind/namespace/name.")
  var path: String?

  @Argument(help: "A field of it.")
  var field: String?

  @Option(help: "Write the files into this folder, which is empty or doesn't exist.")
  var tree: String?

  @Flag(help: "Show values of secrets, too.")
  var withSecrets = false

  private struct Answer: Encodable {
    var environment: String
    var release: String
    var revision: String
    var digest: String
    var signature: ReleaseSignature?
    var files: [String]?
    var path: String?
    var resource: String?
    var field: String?
    var content: String?
    var redacted: Bool?
    var tree: String?
  }

  func validate() throws {
    if tree != nil, path != nil { throw ValidationError("--tree writes out the whole release") }
  }

  func run() async throws {
    try await running {
      let place = try Place(parsing: self.place)
      let context = try await shared.workspace().environment(place.environment)
      let release = try await context.release(place.release ?? .deployed)
      var answer = Answer(
        environment: place.environment.string, release: release.label, revision: release.revision.hex,
        digest: release.digest.hex)
      answer.signature = try release.number.flatMap { try context.signature(of: $0) }
      if let tree {
        let count = try context.write(release, to: tree)
        answer.tree = tree
        return try output.print(answer) { "\(place.environment) \(release.label): \(count) files in \(tree)" }
      }
      guard let path else { return try list(release, context, answer) }
      let part = try context.part(path, field: field, of: release, withSecrets: withSecrets)
      if output.output == .text { return Terminal.print(part.content) }
      (answer.path, answer.resource, answer.field) = (part.file.string, part.resource, part.field)
      answer.content = String(decoding: part.content, as: UTF8.self)
      answer.redacted = part.isRedacted ? true : nil
      try output.print(answer) { "" }
    }
  }

  private func list(_ release: ReleaseReference, _ context: EnvironmentContext, _ answer: Answer) throws {
    var answer = answer
    let files = try context.files(of: release).map(\.path.string)
    answer.files = files
    try output.print(answer) {
      "\(answer.environment) \(release.label), revision \(release.revision.short)\n"
        + (answer.signature.map { Terminal.plainLine($0.description) + "\n" } ?? "")
        + files.map(Terminal.plainLine).joined(separator: "\n")
    }
  }
}
