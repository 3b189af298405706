import MooringModel

/// A pull request of the simulated host.
struct SimulatedPullRequest {
  var number: Int
  var isOpen = true
  /// The reverts that it holds.
  var commits: [Revision]
}

/// Pull requests in the simulated world: people merge them as a commit of the host's own, close them, and open them again.
extension SimulatedWorld {
  mutating func propose() -> Fact {
    let owed = state.owed
    guard isOnline else {
      return .notPushed(owed.map { RevertOwed(rollback: $0.rollback, commit: $0.revert.commit, why: "no network") })
    }
    branch.fetched = branch.remote
    guard let landed = branch.replay(owed, on: branch.remote) else {
      return .replayConflict(Fault(.conflict, "a field"))
    }
    if landed.allSatisfy({ $0 == branch.remote }) {
      return .pushed(
        owed.map { RevertPushed(rollback: $0.rollback, commit: $0.revert.commit, landed: branch.remote) })
    }
    if pullRequest?.commits != owed.map(\.revert.commit) {
      pullRequest = SimulatedPullRequest(number: (pullRequest?.number ?? 0) + 1, commits: owed.map(\.revert.commit))
    }
    if isCalm { mergePullRequest() }
    let isOpen = pullRequest?.isOpen ?? true
    let number = pullRequest?.number ?? 0
    return .heard(
      PullRequestNews(
        PullRequest(number: number, url: "https://host.example/\(number)", branch: "mooring/\(number)"), isOpen: isOpen,
        owed: owed.map {
          RevertOwed(rollback: $0.rollback, commit: $0.revert.commit, why: isOpen ? "it waits" : "it was closed")
        }))
  }

  /// What somebody does with it.
  mutating func review() {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: mergePullRequest()
    case 1: pullRequest?.isOpen = false
    default: pullRequest?.isOpen = true
    }
  }

  private mutating func mergePullRequest() {
    guard let request = pullRequest, request.isOpen || isCalm else { return }
    let owed = state.owed.filter { request.commits.contains($0.revert.commit) }
    guard let fields = branch.replay(owed, on: branch.remote)?.last.map({ branch.fields($0) }),
      fields != branch.fields(branch.remote)
    else { return }
    branch.remote = branch.commit(fields, on: branch.remote)
  }
}
