import FoundationEssentials
import Git
import MooringModel
import MooringTestSupport
import Processes

@testable import Mooring

/// Inputs in a repository, rendered by real programs as an environment would.
struct Rendered {
  private let fixture: GitFixture
  private let folder: TemporaryFolder
  let repository: Repository

  init(_ files: [String: String?]) throws {
    fixture = try GitFixture()
    _ = try fixture.commit("Inputs", files: files)
    folder = try TemporaryFolder("mooring-rendering")
    repository = try fixture.open()
  }

  private var tree: ObjectID {
    get throws {
      let head = try requireReference(repository.reference("refs/heads/main"))
      return try repository.commit(head).tree
    }
  }

  /// Links that the fixture's files can't say.
  func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(fixture.path)/\(path)", withDestinationPath: target)
    try fixture.git("add", "--all")
    try fixture.git("commit", "--quiet", "--message", "Link")
  }

  func executable(_ path: String) throws {
    try fixture.git("update-index", "--chmod=+x", path)
    try fixture.git("commit", "--quiet", "--message", "Executable")
  }

  func rendering(
    _ kind: RendererConfiguration.Kind, paths: [String] = ["."],
    program: RenderingProgramOptions = RenderingProgramOptions(), limits: ContentLimits = ContentLimits()
  ) async throws -> Rendering {
    let configuration = RendererConfiguration(kind, program: program)
    guard let tool = configuration.tool else { throw Fault(.usage, "a renderer without a program") }
    let renderer = ProgramRenderer(
      repository: repository, limits: limits, tool: tool, options: program, folder: folder.path)
    let definition = Definition(
      renderer: configuration.name, version: configuration.version, paths: paths, options: configuration.options)
    return try await renderer.render(tree, definition, trusting: nil)
  }

  /// The files of the release by path; throws why there are none.
  func files(
    _ kind: RendererConfiguration.Kind, paths: [String] = ["."],
    program: RenderingProgramOptions = RenderingProgramOptions(), limits: ContentLimits = ContentLimits()
  ) async throws -> [String: String] {
    switch try await rendering(kind, paths: paths, program: program, limits: limits) {
    case .refused(let fault): throw fault
    case .rendered(let tree, _):
      var files: [String: String] = [:]
      try repository.walkTree(tree) { folder, entry in
        if entry.mode.isBlob {
          files[folder + entry.name] = String(decoding: try repository.blob(entry.id), as: UTF8.self)
        }
        return .descend
      }
      return files
    }
  }

  /// Why it is refused; empty where it isn't.
  func refusal(
    _ kind: RendererConfiguration.Kind, paths: [String] = ["."],
    program: RenderingProgramOptions = RenderingProgramOptions(), limits: ContentLimits = ContentLimits()
  ) async throws -> String {
    switch try await rendering(kind, paths: paths, program: program, limits: limits) {
    case .refused(let fault): fault.description
    case .rendered: ""
    }
  }

  /// What is left of private folders.
  var leftovers: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path) } }

  private func requireReference(_ id: ObjectID?) throws -> ObjectID {
    guard let id else { throw Fault(.notFound, "nothing was committed") }
    return id
  }
}

/// The programs that tests render with.
enum TestPrograms {
  static func kubectl() async throws -> RenderingProgramOptions {
    RenderingProgramOptions(path: try await clients() + "/kubectl")
  }

  /// Helm is a Python program here, whose library is beside it.
  static func helm() async throws -> RenderingProgramOptions {
    let clients = try await clients()
    return RenderingProgramOptions(path: clients + "/helm", reads: [String(clients.dropLast("/bin".count))])
  }

  /// The folder of the tests' kubectl and helm.
  private static func clients() async throws -> String {
    let script = URL(filePath: #filePath).appending(path: "../../../../scripts/kube-control-plane").standardized.path
    let outcome = try await run(Program(["/bin/bash", script, "path"], timeLimit: .seconds(60)))
    guard outcome.succeeded, let path = outcome.output.split(separator: "\n").last else {
      throw Fault(.program, outcome.output, at: script, remedy: "run `scripts/kube-control-plane build`")
    }
    return String(path)
  }
}
