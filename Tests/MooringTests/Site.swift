import FoundationEssentials
import Git
import HostTarget
import MooringJournal
import MooringModel
import MooringTestSupport

@testable import Mooring

/// A remote, a clone to write commits in, a state directory and roots, in a temporary folder; on which the loop works in
/// this process, with real transfers and a real target.
final class Site: Sendable {
  let folder: TemporaryFolder
  let remote: GitFixture
  let author: GitFixture

  static let person = Initiator(kind: .person, name: "ann", door: .command)
  static let patience = Duration.seconds(20)

  /// A site whose remote has one commit with these files.
  init(_ files: [String: String?] = ["app/app.yaml": "a: 1\n"]) throws {
    folder = try TemporaryFolder("mooring-site")
    remote = try GitFixture(bare: true)
    author = try GitFixture()
    if !files.isEmpty { try push(files) }
  }

  @discardableResult
  func push(_ files: [String: String?], _ message: String = "Change", signedBy signer: Signer? = nil) throws -> ObjectID
  {
    let commit = try author.commit(message, files: files, signedBy: signer)
    try publish()
    return commit
  }

  func publish(force: Bool = false) throws {
    try author.git(["push", "--quiet"] + (force ? ["--force"] : []) + [remote.path, "main"])
  }

  /// Brings what Mooring pushed into the clone.
  func pull() throws {
    try author.git("fetch", "--quiet", remote.path, "main")
    try author.git("reset", "--quiet", "--hard", "FETCH_HEAD")
  }

  // MARK: Workspaces

  struct Environment {
    var name = "production"
    var paths = ["app"]
    var gates: [GateConfiguration] = []
    var policy = Policy()
    var validate: [String]?
    var verification = VerificationPolicy()
    var renderer = RendererConfiguration()
    var pullRequests: PullRequestOptions?
    var signer: CommitSigner?
  }

  func workspace(
    _ environments: [Environment] = [Environment()], state: String = "state",
    transfer: any Transfer = TransferService(),
    time: Time = .system, repository: RepositoryConfiguration? = nil
  ) async throws -> Workspace {
    var configured: [EnvironmentName: EnvironmentConfiguration] = [:]
    for environment in environments {
      let name = try EnvironmentName(environment.name)
      configured[name] = EnvironmentConfiguration(
        name: name, repository: "config",
        definition: Definition(
          renderer: environment.renderer.name, version: environment.renderer.version, paths: environment.paths,
          options: environment.renderer.options),
        target: .host(HostTargetOptions(root: folder["root-\(environment.name)"], validate: environment.validate)),
        policy: environment.policy, gates: environment.gates, verification: environment.verification,
        renderer: environment.renderer, pullRequests: environment.pullRequests,
        signer: environment.signer)
    }
    let configuration = Configuration(
      path: folder["mooring.yaml"], repositories: ["config": repository ?? RepositoryConfiguration(url: remote.path)],
      environments: configured)
    return try await Workspace(
      configuration, state: try StateDirectory(path: folder[state]), transfer: transfer, time: time
    ) { environment, cache in
      switch environment.target {
      case .host(let options): return SwitchLayout(options, cache: cache)
      case .kubernetes: throw Fault(.configuration, "a site of the tests has no cluster")
      }
    }
  }

  /// A file as an environment's production has it; nil where it has none.
  func live(_ path: String = "app.yaml", _ environment: String = "production") -> String? {
    let file = folder["root-\(environment)/current/\(path)"]
    return FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Every reference of the local repository and of the remote.
  func references() throws -> String {
    try author.git("ls-remote", folder["state/repositories/config.git"]) + "\n" + author.git("ls-remote", remote.path)
  }
}

extension Workspace {
  func context(_ name: String = "production") throws -> EnvironmentContext { try environment(EnvironmentName(name)) }
  func state(_ name: String = "production") throws -> EnvironmentState { try context(name).head().state }

  /// As `mooring sync`.
  @discardableResult
  func sync(_ name: String = "production", despiteHold: Bool = false) async throws -> LoopReport {
    try await sync(context(name), SyncRequest(initiator: Site.person, despiteHold: despiteHold)) { _ in }
  }

  /// As one round of the watcher.
  @discardableResult
  func poll(_ name: String = "production") async throws -> LoopReport {
    try await fetch(repository("config"))
    return try await EnvironmentLoop(context(name)).readBranch(waitingAtMost: Site.patience)
  }

  /// As `mooring rollback`.
  @discardableResult
  func rollback(
    _ choice: RollbackChoice = .previous, _ name: String = "production", reason: String = "it is bad",
    includeShared: Bool = false
  ) async throws -> LoopReport {
    let context = try context(name)
    let request = try await context.revertRequest(choice, reason: reason, by: Site.person, includeShared: includeShared)
    return try await rollback(context, request) { _ in }
  }

  @discardableResult
  func ask(_ request: Request, _ name: String = "production") async throws -> LoopReport {
    try await EnvironmentLoop(context(name)).record(request, by: Site.person)
  }
}

extension LoopReport {
  var kinds: [String] { events.map { String("\($0.payload)".prefix { $0 != "(" }) } }
  var said: String { refusals.map(\.description).joined(separator: "\n") }
}
