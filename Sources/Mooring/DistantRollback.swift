import Git
import MooringJournal
import MooringModel

/// A rollback from a machine that doesn't own the environment: brings the revert to the branch, by a push or a pull request,
/// and waits for the owner's journal to say that production runs it.
struct DistantRollback {
  /// How long the owner may take.
  static let patience = Duration.seconds(300)

  let context: EnvironmentContext
  let observer: @Sendable (LoopNews) -> Void
  var patience = Self.patience

  func carryOut(_ request: RevertRequest) async throws -> LoopReport {
    try checkSigner()
    let id = Identifier(at: context.time.now())
    for _ in 0..<RevertPusher.attempts {
      try await context.repository.fetch()
      try await context.followJournal()
      let state = try context.head().state
      let tip = try context.repository.tip()
      var commit = try await context.revertMaker.make(request, id: id, on: tip, state, at: context.time.now())
      try await commit.sign(by: context.configuration.signer, in: context.repository.git)
      let made = commit.revert
      if let unsigned = made.unsigned, context.configuration.verification.mode == .required { throw unsigned }
      guard let revert = made.revert else {
        throw Fault(
          .state, "the branch has these inputs already", at: context.name.string,
          remedy: "its owner, \(state.owner ?? "another state directory"), deploys it")
      }
      switch try await bring(revert, of: made, on: tip) {
      case .landed: return try await wait(made, in: nil) { $0.revision == revert.commit }
      // Whatever commit it becomes when it is merged.
      case .proposed(let request): return try await wait(made, in: request) { $0.digest == made.to.digest }
      case .overtaken: continue
      }
    }
    throw Fault(.remote, "the branch moved \(RevertPusher.attempts) times while the revert was pushed")
  }

  private func checkSigner() throws {
    let configuration = context.configuration
    guard configuration.verification.mode == .required, configuration.signer == nil else { return }
    throw Fault(
      .refusedContent, "its owner deploys signed commits only, and a revert made here would be unsigned",
      at: context.name.string,
      remedy:
        "name a key with `rollback.sign`, or roll back where its owner is, or push a signed revert: `git revert -S`")
  }

  private enum Way {
    case landed
    case proposed(PullRequest)
    /// Somebody else was quicker.
    case overtaken
  }

  private func bring(_ revert: RevertCommit, of made: RevertMade, on tip: ObjectID) async throws -> Way {
    let proposals = context.configuration.pullRequests.map { PullRequestPusher(context, $0) }
    if let proposals, proposals.options.when == .always { return try await propose(revert, of: made, by: proposals) }
    let repository = context.repository
    let update = TransferRequest.Update(
      commit: revert.commit.hex, reference: repository.configuration.branchReference, expecting: tip.hex)
    switch try await repository.push([update]).first?.outcome {
    case .pushed: return .landed
    case .moved: return .overtaken
    case .refused(let reason):
      guard let proposals else { throw Fault(.remote, "the revert was refused: \(reason)") }
      return try await propose(revert, of: made, by: proposals)
    case nil: throw Fault(.remote, "the remote said nothing about the branch")
    }
  }

  private func propose(
    _ revert: RevertCommit, of made: RevertMade, by proposals: PullRequestPusher
  ) async throws -> Way {
    let owed = OwedRevert(rollback: made.id, revert: revert, since: context.time.now())
    for fact in try await proposals.push([owed]) {
      switch fact {
      case .heard(let news) where news.isOpen: return .proposed(news.request)
      case .pushed: return .landed
      case .notPushed(let notices):
        throw Fault(
          .remote, notices.first?.why ?? "no pull request could be made", at: context.name.string,
          remedy: "nothing was changed; roll back where its owner is, or make the pull request by hand")
      case .replayConflict(let fault): throw fault
      default: continue
      }
    }
    throw Fault(.remote, "the host made no pull request", at: context.name.string)
  }

  private func wait(
    _ made: RevertMade, in request: PullRequest?, until isThere: (ReleaseReference) -> Bool
  ) async throws -> LoopReport {
    let owner = "the owner of \(context.name) to deploy the revert \(made.to.revision.short)"
    observer(.waiting(request.map { "\($0) to be merged, and \(owner)" } ?? owner))
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      try await context.followJournal()
      let state = try context.head().state
      if let deployed = state.deployed, isThere(deployed.release), deployed.verified {
        if let request { try await putAway(request, of: made) }
        return LoopReport(events: events(of: made, in: request, verified: true), state: state)
      }
      try await context.time.sleep(.seconds(1))
    }
    return LoopReport(events: events(of: made, in: request, verified: false), state: try context.head().state)
  }

  /// What the owner's own journal doesn't say: that this was a rollback, who asked for it, and how it ended.
  private func events(of made: RevertMade, in request: PullRequest?, verified: Bool) -> [Event] {
    let started = RollbackStarted(
      rollback: made.id, automatic: false, reason: made.request.reason, from: made.from, to: made.to,
      undone: made.undone, revert: made.revert, ranBefore: made.ranBefore)
    let finished = RollbackFinished(
      rollback: made.id, outcome: verified ? .verified : .unconfirmed, pushed: verified || request == nil,
      detail: verified ? nil : unconfirmed(request),
      milliseconds: context.time.now().milliseconds - made.id.milliseconds)
    return [.rollbackStarted(started), .rollbackFinished(finished)].map { payload in
      Event(
        id: made.id, time: context.time.now(), initiator: made.request.initiator, source: context.journal.source,
        environment: context.name, payload: payload)
    }
  }
}

extension DistantRollback {
  /// The owner's journal doesn't know of it: whoever has made it deletes its branch, and closes it where production got there
  /// by another way.
  private func putAway(_ request: PullRequest, of made: RevertMade) async throws {
    guard let options = context.configuration.pullRequests else { return }
    let needless = NeedlessRequest(
      rollback: made.id, request: request, why: "production runs it", since: context.time.now())
    let settled = try await PullRequestCloser(context, options).close([needless])
    let problem = settled.isEmpty ? "the host doesn't answer as it should" : settled.first?.problem
    if let problem { observer(.alert("\(request) and its branch are left as they are: \(problem)")) }
  }

  private func unconfirmed(_ request: PullRequest?) -> String {
    let owner = "its owner has not said within \(patience) that production runs it"
    return request.map { "\($0) asks for the revert, and \(owner)" } ?? "the revert is on the branch, and \(owner)"
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
