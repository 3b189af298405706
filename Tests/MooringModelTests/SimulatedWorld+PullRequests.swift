import MooringModel
import Testing

/// A pull request of the simulated host.
struct SimulatedPullRequest {
  var number: Int
  var isOpen = true
  /// Its branch was deleted: it can't be opened again.
  var isSettled = false
  /// The reverts that it holds.
  var commits: [Revision]
}

/// Pull requests in the simulated world: people merge them as a commit of the host's own, close them, and open them again.
extension SimulatedWorld {
  mutating func propose() -> [Fact] {
    let owed = state.owed
    guard isOnline else {
      return [.notPushed(owed.map { RevertOwed(rollback: $0.rollback, commit: $0.revert.commit, why: "no network") })]
    }
    branch.fetched = branch.remote
    guard let landed = branch.replay(owed, on: branch.remote) else {
      return [.replayConflict(Fault(.conflict, "a field"))]
    }
    if landed.last.map({ branch.fields($0) }) == branch.fields(branch.remote) {
      let pushed = Fact.pushed(
        owed.map { RevertPushed(rollback: $0.rollback, commit: $0.revert.commit, landed: branch.remote) })
      return unheard(owed) + [pushed]
    }
    if pullRequest?.isSettled != false || pullRequest?.commits != owed.map(\.revert.commit) {
      pullRequest = SimulatedPullRequest(number: (pullRequest?.number ?? 0) + 1, commits: owed.map(\.revert.commit))
      standing.insert(pullRequest?.number ?? 0)
    }
    if isCalm { mergePullRequest() }
    return [news(of: owed)]
  }

  /// One that was made just before a crash is found by its branch.
  private func unheard(_ owed: [OwedRevert]) -> [Fact] {
    guard let request = pullRequest, request.isOpen, owed.last?.request == nil,
      request.commits == owed.map(\.revert.commit)
    else { return [] }
    return [news(of: owed)]
  }

  private func news(of owed: [OwedRevert]) -> Fact {
    let isOpen = pullRequest?.isOpen ?? true
    let number = pullRequest?.number ?? 0
    return .heard(
      PullRequestNews(
        PullRequest(number: number, url: "https://host.example/\(number)", branch: "mooring/\(number)"), isOpen: isOpen,
        owed: owed.map {
          RevertOwed(rollback: $0.rollback, commit: $0.revert.commit, why: isOpen ? "it waits" : "it was closed")
        }))
  }

  /// Open ones that the journal knows of. A person who takes the branch as it is just after a crash takes one as it is that
  /// nobody has heard of.
  var standingForNothing: Set<Int> {
    let known = events.compactMap { event -> Int? in
      if case .revertProposed(let proposed) = event.payload { proposed.request.number } else { nil }
    }
    return standing.intersection(known).subtracting(state.owed.compactMap { $0.request?.number })
  }

  /// What somebody does with it.
  mutating func review() {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: mergePullRequest()
    case 1: close()
    default: reopen()
    }
  }

  private mutating func close() {
    pullRequest?.isOpen = false
    if let number = pullRequest?.number { standing.remove(number) }
  }

  private mutating func reopen() {
    guard let request = pullRequest, !request.isSettled else { return }
    pullRequest?.isOpen = true
    standing.insert(request.number)
  }

  /// A host that works puts away what nothing waits in.
  mutating func settle(_ needless: [NeedlessRequest]) -> Fact {
    guard isOnline, isCalm || !random.chance(20) else { return .settled([]) }
    for one in needless {
      #expect(!state.owed.contains { $0.request?.number == one.request.number }, "a revert waits in what is closed")
      standing.remove(one.request.number)
      if pullRequest?.number == one.request.number { pullRequest?.isSettled = true }
    }
    return .settled(needless.map { RequestSettled($0, closed: true, deleted: true) })
  }

  private mutating func mergePullRequest() {
    guard let request = pullRequest, request.isOpen || isCalm else { return }
    let owed = state.owed.filter { request.commits.contains($0.revert.commit) }
    guard let fields = branch.replay(owed, on: branch.remote)?.last.map({ branch.fields($0) }),
      fields != branch.fields(branch.remote)
    else { return }
    branch.remote = branch.commit(fields, on: branch.remote)
    close()
  }
}
