import Git
import MooringModel

/// Brings owed reverts to the branch by a pull request: makes it, asks for its merge, and follows it until it is over.
struct PullRequestPusher {
  let repository: TrackedRepository
  let environment: EnvironmentName
  let options: PullRequestOptions
  let signer: CommitSigner?
  let host: any CodeHost
  let text: PullRequestText
  let secrets: SecretRules

  init(_ context: EnvironmentContext, _ options: PullRequestOptions) {
    repository = context.repository
    environment = context.name
    secrets = context.configuration.secrets
    self.options = options
    signer = context.configuration.signer
    host = CodeHostClient(options: options, patience: context.patience, time: context.time).host
    text = PullRequestText(
      environment: context.name, git: context.repository.git, comparison: context.quarantine)
  }

  /// What became of the reverts, as facts; a host that fails leaves them owed, and says why.
  func push(_ owed: [OwedRevert]) async throws -> [Fact] {
    do {
      try await repository.fetch()
      return try await follow(owed)
    } catch let fault as Fault {
      return [.notPushed(notices(owed, "the pull request waits: \(fault.description)"))]
    }
  }

  /// The branch that is made for a revert. The revert alone names it, so that it is found again.
  static func branch(of revert: RevertCommit, _ environment: EnvironmentName) -> String {
    "\(prefix(environment))\(revert.commit.short)"
  }

  /// Whether a branch can be one that was made for an environment's revert.
  static func isOurs(_ branch: String, _ environment: EnvironmentName) -> Bool { branch.hasPrefix(prefix(environment)) }

  private static func prefix(_ environment: EnvironmentName) -> String { "mooring/revert-\(environment)-" }

  private func follow(_ owed: [OwedRevert]) async throws -> [Fact] {
    let known = owed.last?.request
    let review = try await known.asyncMap { try await host.review($0.number) }
    if case .merged(let commit)? = review?.state, let landed = try await self.landed(as: commit) {
      let (merged, others) = (owed.filter { $0.request == known }, owed.filter { $0.request != known })
      guard others.isEmpty else { return try await settle(others, landed: pushed(merged, landed), nil) }
      return [.pushed(pushed(merged, landed))]
    }
    return try await settle(owed, landed: [], review)
  }

  /// The commit of the branch that a host says it merged to; `nil` where the branch doesn't have it.
  private func landed(as commit: String?) async throws -> ObjectID? {
    guard let id = commit.flatMap({ ObjectID(hex: $0) }) else { return nil }
    // It may have been merged since the branch was fetched.
    if !repository.git.contains(id) { try await repository.fetch() }
    guard repository.git.contains(id) else { return nil }
    return try repository.git.isAncestor(id, of: repository.tip()) ? id : nil
  }

  /// What the branch has by its content has landed, whatever commit brought it; the rest is proposed, or waits.
  private func settle(
    _ owed: [OwedRevert], landed: [RevertPushed], _ review: CodeReview?
  ) async throws -> [Fact] {
    let tip = try repository.tip()
    let replayed: [Replay.Replayed]
    switch try await Replay(repository: repository.git, secrets: secrets).replay(
      owed.map(\.revert), on: tip)
    {
    case .conflicts(let conflicts): return try await unheard(owed) + [.replayConflict(RevertPusher.conflict(conflicts))]
    case .replayed(let commits): replayed = commits
    }
    // What undoes itself again is needless as a whole.
    let there =
      try isSame(replayed.last?.landed, as: tip) ? replayed.count : replayed.prefix { $0.landed == tip }.count
    var facts = try await unheard(Array(owed.prefix(there)))
    let landed = landed + pushed(Array(owed.prefix(there)), tip)
    let rest = Array(owed.dropFirst(there))
    if !landed.isEmpty { facts.append(.pushed(landed)) }
    if !rest.isEmpty { facts.append(try await propose(rest, on: tip, review)) }
    return facts
  }

  private func isSame(_ commit: ObjectID?, as tip: ObjectID) throws -> Bool {
    guard let commit else { return false }
    return try repository.git.commit(commit).tree == repository.git.commit(tip).tree
  }

  /// Pull requests that were made just before a crash, and that the journal doesn't know of: they, or their branches, would
  /// stay for ever.
  private func unheard(_ owed: [OwedRevert]) async throws -> [Fact] {
    var facts: [Fact] = []
    for revert in owed where revert.request == nil {
      let branch = Self.branch(of: revert.revert, environment)
      guard let review = try await host.find(branch, into: repository.configuration.branch) else { continue }
      let request = PullRequest(number: review.number, url: review.url, branch: branch)
      facts.append(
        .heard(PullRequestNews(request, isOpen: true, owed: notices([revert], "\(request) is needless"))))
    }
    return facts
  }

  private func pushed(_ owed: [OwedRevert], _ landed: ObjectID) -> [RevertPushed] {
    owed.compactMap { revert in
      landed.asContent.map { RevertPushed(rollback: revert.rollback, commit: revert.revert.commit, landed: $0) }
    }
  }

  // MARK: The pull request

  private func propose(
    _ owed: [OwedRevert], on tip: ObjectID, _ known: CodeReview?
  ) async throws -> Fact {
    guard let last = owed.last else { return .pushed([]) }
    var review = known
    let branch = last.request?.branch ?? Self.branch(of: last.revert, environment)
    if review == nil { review = try await open(branch, owed, on: tip) }
    guard let review else { return .notPushed(notices(owed, "the host made no pull request")) }
    let request = PullRequest(number: review.number, url: review.url, branch: branch)
    switch review.state {
    case .closed:
      return .heard(PullRequestNews(request, isOpen: false, owed: notices(owed, "\(request) was closed")))
    case .merged:
      return .heard(
        PullRequestNews(
          request, isOpen: true, owed: notices(owed, "\(request) was merged, and is not on the branch yet")))
    case .open:
      let obstacle = try await schedule(review)
      let why = "\(request) waits to be merged" + (obstacle.map { "; \($0)" } ?? "")
      return .heard(PullRequestNews(request, isOpen: true, owed: notices(owed, why)))
    }
  }

  /// Whatever was made before a crash is found again: the branch is named for the revert.
  private func open(_ branch: String, _ owed: [OwedRevert], on tip: ObjectID) async throws -> CodeReview? {
    let base = repository.configuration.branch
    if let found = try await host.find(branch, into: base) { return found }
    let replay = Replay(repository: repository.git, secrets: secrets, signer: signer)
    guard case .replayed(let commits) = try await replay.replay(owed.map(\.revert), on: tip),
      let head = commits.last?.landed
    else { return nil }
    let update = TransferRequest.Update(commit: head.hex, reference: "refs/heads/\(branch)", expecting: nil)
    switch try await repository.push([update]).first?.outcome {
    case .pushed, .moved: break
    case .refused(let reason): throw Fault(.remote, "the branch \(branch) was refused: \(reason)")
    case nil: throw Fault(.remote, "the remote said nothing about the branch \(branch)")
    }
    let proposal = try text.proposal(owed.map(\.revert), from: branch, into: base)
    do {
      return try await host.propose(proposal)
    } catch let fault as Fault where fault.code == .conflict {
      if let found = try await host.find(branch, into: base) { return found }
      throw fault
    }
  }

  /// - Returns: Why the host doesn't merge it by itself; that keeps nobody from merging it.
  private func schedule(_ review: CodeReview) async throws -> String? {
    guard options.autoMerge, !review.isScheduled else { return nil }
    do {
      try await host.mergeWhenReady(review)
      return nil
    } catch let fault as Fault {
      return fault.code == .conflict ? nil : "auto-merge can't be asked for: \(fault.what)"
    }
  }

  private func notices(_ owed: [OwedRevert], _ why: String) -> [RevertOwed] {
    owed.map { RevertOwed(rollback: $0.rollback, commit: $0.revert.commit, why: why) }
  }
}

extension CodeHostClient {
  var host: any CodeHost {
    switch options.provider {
    case .github: GitHubHost(client: self)
    case .gitlab: GitLabHost(client: self)
    case .gitea: GiteaHost(client: self)
    }
  }
}

extension Optional {
  fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async throws -> Value? {
    guard let self else { return nil }
    return try await body(self)
  }
}

extension ObjectID {
  fileprivate var asContent: ContentID? { ContentID(bytes: bytes) }
}
