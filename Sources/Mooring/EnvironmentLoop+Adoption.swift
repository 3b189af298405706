import Git
import MooringJournal
import MooringModel

extension EnvironmentLoop {
  /// How often a lost race for the branch is run again.
  private static let attempts = 5

  /// Commits live values to a branch and pushes that; nothing is left behind where it can't be.
  func adopt(_ request: AdoptRequest) async throws -> [Fact] {
    do {
      // What is live now, and not what it was when somebody looked last.
      let look = try await DriftReader(context: context).survey(
        LookRequest(request.parts.map { .objects(Set($0.map(\.object))) } ?? .everything), head.state, at: now
      ).look
      var state = head.state
      for found in look.found where state.drifts[found.difference.object] == nil {
        let drift = Drift(id: Identifier(at: now), difference: found.difference, attribution: found.attribution)
        state.drifts[drift.object] = OpenDrift(drift, since: now)
      }
      let made = try await adoption(request, look, state)
      return [.recorded(look), .adopted(made)]
    } catch {
      refuse(try fault(error))
      return []
    }
  }

  private func adoption(
    _ request: AdoptRequest, _ look: Look, _ state: EnvironmentState
  ) async throws -> AdoptionMade {
    let found = Set(look.found.map(\.difference.object))
    let parts = request.parts ?? found.sorted().map { AdoptRequest.Part(object: $0) }
    if let odd = parts.first(where: { !found.contains($0.object) })
      ?? (parts.isEmpty ? .init(object: .init(path: [])) : nil)
    {
      throw Fault(
        .notFound, parts.isEmpty ? "nothing differs" : "\(odd.object) doesn't differ from what was deployed",
        remedy: "`mooring drift \(context.name)` shows what does")
    }
    guard let release = state.deployed?.release else { throw Fault(.state, "nothing was deployed yet") }
    let branch = request.branch ?? context.repository.configuration.branch
    let maker = AdoptionMaker(
      context: context, deployed: try StoredRelease(release.digest, in: context.repository.git), drifts: state.drifts,
      found: Dictionary(
        look.found.map { ($0.difference.object, $0.difference) }, uniquingKeysWith: { first, _ in first }),
      secrets: context.configuration.secrets)
    let message = AdoptionMessage(
      environment: context.name, request: request,
      drifts: parts.compactMap { part in state.drifts[part.object].map { (part.object, $0) } },
      identities: context.identities, host: context.host, journal: head.commit)
    for _ in 0..<Self.attempts {
      if let commit = try await attempt(maker, message, parts, on: branch) {
        let whole = parts.filter { $0.field == nil }.map(\.object)
        return AdoptionMade(request: request, commit: try commit.content, branch: branch, objects: whole)
      }
    }
    throw Fault(
      .remote, "the branch moved \(Self.attempts) times while it was pushed", at: branch, remedy: "try again")
  }

  /// - Returns: The commit on the remote branch; `nil` when somebody else was quicker.
  private func attempt(
    _ maker: AdoptionMaker, _ message: AdoptionMessage, _ parts: [AdoptRequest.Part], on branch: String
  ) async throws -> ObjectID? {
    let repository = context.repository
    try await repository.fetch()
    let isTracked = branch == repository.configuration.branch
    let tracked = try repository.tip()
    let theirs = isTracked ? tracked : try await repository.tip(of: branch)
    let tip = theirs ?? tracked
    let tree = try await maker.tree(of: parts, on: tip)
    guard try tree != repository.git.commit(tip).tree else {
      throw Fault(.state, "the branch says already what is live", at: branch, remedy: "deploy it: `mooring sync`")
    }
    let commit = try repository.git.createCommit(
      tree: tree, parents: [tip], author: message.author(at: now), committer: message.committer(at: now),
      message: message.text)
    let update = TransferRequest.Update(
      commit: commit.hex, reference: "refs/heads/\(branch)", expecting: theirs?.hex)
    switch try await repository.push([update]).first?.outcome {
    case .pushed:
      if isTracked { try repository.advance(to: commit) }
      return commit
    case .moved: return nil
    case .refused(let reason):
      throw Fault(
        .remote, "the remote refused the commit: \(reason)", at: branch,
        remedy: "name a branch of your own with --branch, and merge that")
    case nil: throw Fault(.remote, "the remote said nothing about the branch", at: branch)
    }
  }
}

extension TrackedRepository {
  /// The tip of another branch of the remote, fetched now; `nil` where there is no such branch.
  func tip(of branch: String) async throws -> ObjectID? {
    let local = "refs/mooring/adopting/\(branch)"
    let reply = try await transfer(["+refs/heads/\(branch):\(local)"])
    if case .missing = reply { return nil }
    return try git.reference(local)
  }
}
