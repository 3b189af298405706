import Git
public import MooringJournal
public import MooringModel

/// What commands ask for: each act ends with the journal on its way to the remote, as far as that can be reached.
extension Workspace {
  /// How long a command waits for another process that works on the same environment.
  static let patience = Duration.seconds(600)

  /// Fetches and reconciles one environment.
  public func sync(
    _ context: EnvironmentContext, _ request: SyncRequest, observer: @escaping @Sendable (LoopNews) -> Void
  ) async throws -> LoopReport {
    try await adoptJournalIfNew(context)
    return try await act(context, .sync(request), by: request.initiator, observer)
  }

  /// Fetches a repository that was never fetched; one that was is left as it is.
  public func fetchIfNew(_ context: EnvironmentContext) async throws {
    let repository = context.repository
    guard try repository.git.reference(repository.configuration.trackingReference) == nil else { return }
    try await fetch(repository)
  }

  /// Carries a rollback out; where somebody else works on the environment, by a revert that they deploy.
  public func rollback(
    _ context: EnvironmentContext, _ request: RevertRequest, observer: @escaping @Sendable (LoopNews) -> Void
  ) async throws -> LoopReport {
    let distant = DistantRollback(context: context, observer: observer)
    guard try context.coordination != nil || context.isOwner(context.head().state) else {
      return try await distant.carryOut(request)
    }
    return try await Seat.during(context, observer) {
      let loop = EnvironmentLoop(context, observer: observer)
      let report = try await loop.take(.asked(.rollback(request), by: request.initiator), waitingAtMost: Self.patience)
      if report.state.owed.isEmpty { await publish(context, observer) }
      return report
    } otherwise: {
      try await distant.carryOut(request)
    }
  }

  /// Puts production back, takes it into Git, or leaves it alone, as a person says.
  public func settle(
    _ context: EnvironmentContext, _ request: Request, by initiator: Initiator,
    observer: @escaping @Sendable (LoopNews) -> Void
  ) async throws -> LoopReport {
    try await act(context, request, by: initiator, observer)
  }

  /// Makes this state directory the environment's one writer.
  public func takeover(
    _ context: EnvironmentContext, by initiator: Initiator, observer: @escaping @Sendable (LoopNews) -> Void = { _ in }
  ) async throws -> LoopReport {
    try await adoptJournalIfNew(context)
    return try await act(context, .takeover, by: initiator, observer)
  }

  /// Records what a person says: a hold, its end, a note. A deployment in flight goes on.
  public func record(
    _ context: EnvironmentContext, _ request: Request, by initiator: Initiator,
    observer: @escaping @Sendable (LoopNews) -> Void
  ) async throws -> LoopReport {
    try await Seat.during(context, observer) {
      let loop = EnvironmentLoop(context, observer: observer)
      let report = try await loop.record(request, by: initiator)
      // The next one to work on it should find the record where the journals are.
      if context.coordination != nil { await publish(context, observer) }
      return report
    }
  }

  private func act(
    _ context: EnvironmentContext, _ request: Request, by initiator: Initiator,
    _ observer: @escaping @Sendable (LoopNews) -> Void
  ) async throws -> LoopReport {
    try await Seat.during(context, observer) {
      let loop = EnvironmentLoop(context, observer: observer)
      let report = try await loop.take(.asked(request, by: initiator), waitingAtMost: Self.patience)
      await publish(context, observer)
      return report
    }
  }

  /// What rebuilding the index came to.
  public struct RebuiltIndex: Sendable {
    public var events: Int
    public var history: HistoryBuild
  }

  /// Replays every journal into a new index, and reads the history of every branch that was fetched.
  ///
  /// - Parameter progress: Is told how many commits are indexed, of how many.
  public func rebuildIndex(progress: (Int, Int) -> Void = { _, _ in }) throws -> RebuiltIndex {
    let environments = try environmentNames.map { try environment($0) }
    let events = try journal.rebuildIndex(environments.map { ($0.name, $0.repository.git) })
    for environment in environments { _ = try environment.allReleases(limit: 1) }
    try HistoryIndex(stateDirectory: state.path).clear()
    return RebuiltIndex(events: events, history: try updateHistory(of: environmentNames, progress: progress))
  }

  /// Brings history's index up to the branches as they were fetched.
  ///
  /// - Parameter progress: Is told how many commits are indexed, of how many.
  public func updateHistory(
    of environments: [EnvironmentName], progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> HistoryBuild {
    var history = HistoryBuild()
    for environment in try environments.map({ try environment($0) }) where environment.repository.wasFetched {
      history = try history + EnvironmentHistory(of: environment, progress: progress).build
    }
    return history
  }

  /// Meets an environment's journal again where nothing is known of it here; otherwise the network isn't asked.
  public func adoptJournalIfNew(_ context: EnvironmentContext) async throws {
    guard try context.head().commit == nil else { return }
    try await fetch(context.repository)
  }

  func publish(_ context: EnvironmentContext, _ observer: @Sendable (LoopNews) -> Void) async {
    guard configuration.journal.push else { return }
    do {
      try await JournalPublisher(repository: context.repository, environments: [context]).publish()
    } catch {
      observer(.alert("the journal is not on the remote yet: \(error)"))
    }
  }
}

extension EnvironmentContext {
  /// What the fetched branch says is to be deployed.
  func candidate() async throws -> ReleaseReference {
    let report = try await headReader.read(head().state, asked: nil).report
    if let candidate = report.candidate { return candidate }
    throw report.refusal ?? Fault(.notFound, "\(name) has nothing to deploy")
  }

  /// Manifests that give an account the rights that the environment needs: for what the branch says now, or another
  /// release, and for what is there.
  public func accessManifest(_ account: ServiceAccountName, for selector: ReleaseSelector?) async throws -> String {
    let release: ReleaseReference
    if let selector { release = try await self.release(selector) } else { release = try await candidate() }
    let contents = try StoredRelease(release.digest, in: repository.git)
    if let text = try await target.accessManifest(for: contents, account) { return text }
    throw Fault(
      .usage, "its target has no accounts: Mooring works there as the user that it runs as", at: name.string)
  }

  /// Events, newest first.
  public func events(limit: Int?) throws -> [Event] {
    try journal.events(of: name, in: repository.git, limit: limit)
  }

  /// The files of a release, sorted by path.
  public func files(of release: ReleaseReference) throws -> [ReleaseFile] {
    try StoredRelease(release.digest, in: repository.git).files()
  }

  /// The bytes of one file of a release.
  public func file(_ path: RelativePath, of release: ReleaseReference) throws -> [UInt8] {
    guard let entry = try repository.git.entry(at: path.string, in: release.digest.object), entry.mode != .directory
    else {
      throw Fault(
        .notFound, "\(release.label) has no file \(path.string.debugDescription)",
        remedy: "`mooring show \(name)` lists its files")
    }
    return try repository.git.blob(entry.id)
  }
}
