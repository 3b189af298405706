import FoundationEssentials
import Git
public import MooringJournal
public import MooringModel

/// Makes the target that an environment's configuration describes; it may remember what it has read in the folder.
public typealias TargetFactory = @Sendable (EnvironmentConfiguration, _ cache: String) throws -> any Target

/// A configuration, its state directory, and everything that works on them: where commands and the watcher begin.
public struct Workspace: Sendable {
  public let configuration: Configuration
  public let state: StateDirectory
  public let journal: Journal
  public let time: Time
  private let targets: TargetFactory
  private let verifier = CommitVerifier()
  private let patience = CodeHostPatience()
  let spare = SpareMemory()
  /// The program that brings history's index up to date, with all arguments but the environments.
  let indexer: [String]?
  private let repositories: [String: TrackedRepository]
  /// The environments of each repository, by name: one list, whoever needs to know its neighbours.
  private let environments: [String: [EnvironmentConfiguration]]

  public init(
    _ configuration: Configuration, state: StateDirectory, transfer: any Transfer, indexer: [String]? = nil,
    time: Time = .system, targets: @escaping TargetFactory
  ) async throws {
    self.configuration = configuration
    self.state = state
    self.indexer = indexer
    self.time = time
    self.targets = targets
    var opened: [String: TrackedRepository] = [:]
    for (name, repository) in configuration.repositories {
      opened[name] = try TrackedRepository(
        name, repository, journal: configuration.journal, in: state, transfer: transfer)
    }
    repositories = opened
    environments = Dictionary(
      grouping: configuration.environments.values.sorted { $0.name < $1.name }, by: \.repository)
    journal = try await Journal(
      stateDirectory: state.path, source: state.identity, sign: JournalKey.signer(configuration.journal.signing))
  }

  public var environmentNames: [EnvironmentName] { configuration.environments.keys.sorted() }

  public func repository(_ name: String) throws -> TrackedRepository {
    guard let repository = repositories[name] else {
      throw Fault(
        .notFound, "no repository is named \(name.debugDescription)", at: configuration.path,
        remedy: "add it under `repositories`")
    }
    return repository
  }

  /// Everything that one environment needs.
  public func environment(_ name: EnvironmentName) throws -> EnvironmentContext {
    guard let environment = configuration.environments[name] else {
      let known = environmentNames.map(\.string).joined(separator: ", ")
      throw Fault(
        .notFound, "no environment is named \(name.string.debugDescription)", at: configuration.path,
        remedy: known.isEmpty ? "add one under `environments`" : "there are: \(known)")
    }
    return EnvironmentContext(
      configuration: environment, repository: try repository(environment.repository),
      neighbours: environments[environment.repository] ?? [], journal: journal,
      target: try targets(environment, "\(state.path)/looks/\(name)-cache"), state: state, time: time,
      limits: ContentLimits(), verifier: verifier, spare: spare, identities: configuration.identities,
      patience: patience)
  }

  /// Fetches a repository's branch and the journals that its remote holds.
  ///
  /// Journals that are new here are met again, and those that another state directory writes are followed.
  ///
  /// - Parameter environments: Those of the repository, where they are at hand.
  public func fetch(
    _ repository: TrackedRepository, for environments: [EnvironmentContext]? = nil,
    progress: @escaping @Sendable (TransferReply) -> Void = { _ in }
  ) async throws {
    let record = FetchRecord(of: repository.name, in: state)
    do {
      try await repository.fetchAll(progress: progress)
      record.write(FetchRecord.Outcome(at: time.now()))
    } catch let fault as Fault {
      record.write(FetchRecord.Outcome(at: time.now(), problem: fault.description))
      throw fault
    }
    for context in try environments ?? self.environments(of: repository.name) { try context.takeInJournal() }
  }

  /// The environments of a repository, by name.
  func environments(of repository: String) throws -> [EnvironmentContext] {
    try (environments[repository] ?? []).map { try environment($0.name) }
  }
}
