import Git
import MooringJournal
import MooringModel

/// A rollback from a machine that doesn't own the environment: pushes the revert, and waits for the owner's journal to say
/// that production runs it.
struct DistantRollback {
  /// How long the owner may take.
  static let patience = Duration.seconds(300)

  let context: EnvironmentContext
  let observer: @Sendable (LoopNews) -> Void

  func carryOut(_ request: RevertRequest) async throws -> LoopReport {
    guard context.configuration.verification.mode != .required else {
      throw Fault(
        .refusedContent, "its owner deploys signed commits only, and a revert made here would be unsigned",
        at: context.name.string, remedy: "roll back where its owner is, or push a signed revert: `git revert -S`")
    }
    let id = Identifier(at: context.time.now())
    for _ in 0..<RevertPusher.attempts {
      try await context.repository.fetch()
      try await context.followJournal()
      let state = try context.head().state
      let tip = try context.repository.tip()
      var commit = try await context.revertMaker.make(request, id: id, on: tip, state, at: context.time.now())
      try await commit.sign(by: context.configuration.signer, in: context.repository.git)
      let made = commit.revert
      guard let revert = made.revert else {
        throw Fault(
          .state, "the branch has these inputs already", at: context.name.string,
          remedy: "its owner, \(state.owner ?? "another state directory"), deploys it")
      }
      if try await push(revert, on: tip) { return try await wait(for: revert.commit, made) }
    }
    throw Fault(.remote, "the branch moved \(RevertPusher.attempts) times while the revert was pushed")
  }

  /// Whether the revert is on the branch; not, where somebody else was quicker.
  private func push(_ revert: RevertCommit, on tip: ObjectID) async throws -> Bool {
    let repository = context.repository
    let update = TransferRequest.Update(
      commit: revert.commit.hex, reference: repository.configuration.branchReference, expecting: tip.hex)
    switch try await repository.push([update]).first?.outcome {
    case .pushed: return true
    case .moved: return false
    case .refused(let reason): throw Fault(.remote, "the revert was refused: \(reason)")
    case nil: throw Fault(.remote, "the remote said nothing about the branch")
    }
  }

  private func wait(for revision: Revision, _ made: RevertMade) async throws -> LoopReport {
    observer(.waiting("the owner of \(context.name) to deploy the revert \(revision.short)"))
    let deadline = ContinuousClock.now + Self.patience
    while ContinuousClock.now < deadline {
      try await context.followJournal()
      let state = try context.head().state
      if let deployed = state.deployed, deployed.release.revision == revision, deployed.verified {
        return LoopReport(events: try events(of: made, verified: true), state: state)
      }
      try await context.time.sleep(.seconds(1))
    }
    return LoopReport(events: try events(of: made, verified: false), state: try context.head().state)
  }

  /// What the owner's own journal doesn't say: that this was a rollback, who asked for it, and how it ended.
  private func events(of made: RevertMade, verified: Bool) throws -> [Event] {
    let started = RollbackStarted(
      rollback: made.id, automatic: false, reason: made.request.reason, from: made.from, to: made.to,
      undone: made.undone, revert: made.revert, ranBefore: made.ranBefore)
    let finished = RollbackFinished(
      rollback: made.id, outcome: verified ? .verified : .restoredUnverified, pushed: true,
      detail: verified ? nil : "its owner has not said within \(Self.patience) that production runs it",
      milliseconds: context.time.now().milliseconds - made.id.milliseconds)
    return [.rollbackStarted(started), .rollbackFinished(finished)].map { payload in
      Event(
        id: made.id, time: context.time.now(), initiator: made.request.initiator, source: context.journal.source,
        environment: context.name, payload: payload)
    }
  }
}

extension EnvironmentContext {
  /// Fetches what the owner of the environment has published of its journal, and takes it in.
  func followJournal() async throws {
    let published = JournalPublisher.reference(of: configuration.name)
    try await repository.fetch(
      ["+\(Journal.reference(of: configuration.name)):\(published)"], from: repository.journalURL)
    try takeInJournal()
  }

  /// Goes on to what the remote's journal is, where ours is none or an earlier part of it. An owner's story goes on only
  /// where it isn't a side line there: it takes that in by a union.
  func takeInJournal() throws {
    let name = Journal.reference(of: configuration.name)
    guard let theirs = try repository.git.reference(JournalPublisher.reference(of: configuration.name)) else { return }
    let ours = try repository.git.reference(name)
    guard ours != theirs, try ours.map({ try isContinued($0, by: theirs) }) != false else { return }
    try repository.git.setReference(name, to: theirs, expecting: ours, log: "mooring: followed")
  }

  private func isContinued(_ ours: ObjectID, by theirs: ObjectID) throws -> Bool {
    guard try repository.git.isAncestor(ours, of: theirs) else { return false }
    guard try head().state.owner == journal.source else { return true }
    let new = try Set(repository.git.commitsBetween(theirs, excluding: ours))
    var border: ObjectID?
    try repository.git.walkFirstParents(from: theirs) { commit in
      border = commit.id
      return new.contains(commit.id)
    }
    return border == ours
  }
}
