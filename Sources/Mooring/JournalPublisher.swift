import Git
import MooringJournal
import MooringModel

/// Pushes journals to the remote, never forced. A journal that grew on both sides becomes one again by a `union`.
struct JournalPublisher {
  static let prefix = "refs/mooring/remote/"

  /// Where the remote's journal is remembered.
  static func reference(of environment: EnvironmentName) -> String { prefix + environment.string }

  let repository: TrackedRepository
  let environments: [EnvironmentContext]

  /// Pushes what the remote doesn't have yet. A journal that another state directory goes on with is left alone.
  ///
  /// - Returns: Whose journals have become one with the remote's, which the next round pushes; `nil` where there was nothing to
  ///   push.
  @discardableResult
  func publish() async throws -> [EnvironmentName]? {
    var updates: [(EnvironmentContext, TransferRequest.Update)] = []
    for environment in environments {
      if let update = try await update(of: environment) { updates.append((environment, update)) }
    }
    guard !updates.isEmpty else { return nil }
    var united: [EnvironmentName] = []
    let results = try await repository.push(updates.map(\.1), to: repository.journalURL)
    for (update, result) in zip(updates, results) {
      switch result.outcome {
      case .pushed: try remember(update.0, update.1.commit)
      case .moved:
        try await unite(update.0)
        united.append(update.0.name)
      case .refused(let reason):
        throw Fault(
          .remote, "the journal of \(update.0.name) was refused: \(reason)",
          at: Redaction.url(repository.journalURL),
          remedy: "allow pushes to refs/mooring/*, or set `journal: {push: false}`")
      }
    }
    return united
  }

  /// What is to be pushed; `nil` where the remote has it, or where it is for others to push.
  private func update(of environment: EnvironmentContext) async throws -> TransferRequest.Update? {
    let known = try repository.git.reference(Self.reference(of: environment.name))
    // Of a thousand journals nearly all are as they were.
    if try known == repository.git.reference(Journal.reference(of: environment.name)) { return nil }
    let head = try environment.head()
    guard let ours = head.commit, let known else {
      return environment.isOwner(head.state) ? Self.update(of: environment, to: head.commit, expecting: nil) : nil
    }
    if try repository.git.isAncestor(known, of: ours) {
      // Also where somebody else owns it by now: what was recorded here before is part of the record.
      return Self.update(of: environment, to: ours, expecting: known)
    }
    guard environment.isOwner(head.state) else { return nil }
    try await unite(environment)
    return Self.update(
      of: environment, to: try environment.head().commit,
      expecting: try repository.git.reference(Self.reference(of: environment.name)))
  }

  private static func update(
    of environment: EnvironmentContext, to commit: ObjectID?, expecting known: ObjectID?
  ) -> TransferRequest.Update? {
    guard let commit, commit != known else { return nil }
    return TransferRequest.Update(
      commit: commit.hex, reference: Journal.reference(of: environment.name), expecting: known?.hex)
  }

  private func remember(_ environment: EnvironmentContext, _ commit: String) throws {
    guard let id = ObjectID(hex: commit) else { return }
    try repository.git.forceReference(Self.reference(of: environment.name), to: id, log: "mooring: published")
  }

  /// The last that took the environment over in commits that ours doesn't have.
  private func newOwner(in remote: ObjectID, since ours: ObjectID) throws -> String? {
    let new = try Set(repository.git.commitsBetween(remote, excluding: ours))
    var owner: String?
    try repository.git.walkFirstParents(from: remote) { commit in
      guard new.contains(commit.id) else { return false }
      for event in try Journal.events(of: commit, in: repository.git) {
        if case .takeover = event.payload { owner = event.source }
      }
      return owner == nil
    }
    return owner
  }

  /// The remote's journal has commits that ours doesn't: record a union, and let the next round push it.
  func unite(_ environment: EnvironmentContext) async throws {
    let name = Self.reference(of: environment.name)
    try await repository.fetch(["+\(Journal.reference(of: environment.name)):\(name)"], from: repository.journalURL)
    let head = try environment.head()
    guard let remote = try repository.git.reference(name), let ours = head.commit,
      try !repository.git.isAncestor(remote, of: ours)
    else { return }
    let now = max(environment.time.now(), head.state.lastEvent ?? environment.time.now())
    let event = Event(
      id: Identifier(at: now), time: now, initiator: .watcher, source: environment.journal.source,
      environment: environment.name,
      payload: .union(JournalUnion(other: try remote.content, owner: try newOwner(in: remote, since: ours))))
    _ = try await environment.journal.append(
      [JournalEntry(event: event, keeps: [remote])], to: head, of: environment.name, in: repository.git)
  }
}
