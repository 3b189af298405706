import FoundationEssentials
import Git
import GitRemotes
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// Reverts that go to the branch by a pull request.
@Suite(.inTurn) struct PullRequestTests {
  @Test(
    "is proposed, followed until it is merged as whatever commit, and then nothing is owed",
    arguments: zip(
      [PullRequestOptions.Provider.github, .gitlab, .gitea], ["merge rebase", "merge squash", "merge"]))
  func isProposed(_ provider: PullRequestOptions.Provider, _ word: String) async throws {
    let bench = try await PullRequestBench(provider)
    let report = try await bench.workspace.rollback(reason: "5xx")
    #expect(bench.site.live() == "a: 1\n", "production is first")
    #expect(report.kinds.contains("revertProposed"), "\(report.kinds) \(report.said)")
    let status = try await StatusReport(bench.workspace.context())
    let owed = try #require(status.owed.first)
    #expect(owed.pullRequest?.number == 1 && owed.why?.contains("waits to be merged") == true, "\(owed)")
    #expect(status.release?.label == "v1 (revert pending)" && status.holds.isEmpty)
    let asked = try bench.server.requests.joined(separator: "\n")
    for text in ["Revert \\\"Bad\\\"", "Mooring-Reason: 5xx", "app.yaml: a: 2 \\u2192 1", "token: a secret value"] {
      #expect(asked.contains(text), "\(text) in \(asked)")
    }
    #expect(!asked.contains("hunter2"))

    let count = try bench.workspace.state().eventCount
    for _ in 0..<2 { try await bench.workspace.poll() }
    #expect(try bench.workspace.state().eventCount == count, "the same is said once")
    #expect(bench.site.live() == "a: 1\n", "no poll brings the bad one back")

    try bench.server.act(word)
    try await bench.workspace.poll()
    try await bench.workspace.poll()
    let state = try bench.workspace.state()
    #expect(state.owed.isEmpty && !state.isHeld)
    #expect(state.deployed?.release.number == ReleaseNumber(3) && state.deployed?.verified == true)
    try bench.site.pull()
    #expect(try bench.site.author.git("show", "HEAD:app/app.yaml") == "a: 1")
    let synced = try await StatusReport(bench.workspace.context())
    #expect(synced.sync == "synced" && !synced.needsAttention)
    #expect(state.needless.isEmpty && bench.branches == ["main"], "the branch that was made for it is deleted")
    #expect(try bench.server.reviews.allSatisfy { $0.merged && $0.comments.isEmpty })
  }

  @Test("is merged by the host itself as soon as its rules allow it", arguments: PullRequestOptions.Provider.allCases)
  func isMergedByTheHost(_ provider: PullRequestOptions.Provider) async throws {
    let bench = try await PullRequestBench(provider)
    try bench.server.beReady()
    try await bench.workspace.rollback()
    for _ in 0..<3 { try await bench.workspace.poll() }
    #expect(try bench.workspace.state().owed.isEmpty)
    try bench.site.pull()
    #expect(try bench.site.author.git("show", "HEAD:app/app.yaml") == "a: 1")
  }

  @Test(
    "that is closed unmerged holds, until it is open again or somebody takes the branch as it is",
    arguments: [true, false])
  func thatIsClosed(isReopened: Bool) async throws {
    let bench = try await PullRequestBench()
    try await bench.workspace.rollback()
    try bench.server.act("close")
    let report = try await bench.workspace.poll()
    #expect(report.kinds.contains("revertDeclined"), "\(report.kinds)")
    #expect(try bench.workspace.state().holds.map(\.hold.cause) == [.pullRequestClosed])
    #expect(bench.site.live() == "a: 1\n")
    let count = try bench.workspace.state().eventCount
    for _ in 0..<2 { try await bench.workspace.poll() }
    #expect(try bench.workspace.state().eventCount == count)
    if isReopened {
      try bench.server.act("reopen")
      try await bench.workspace.poll()
      let state = try bench.workspace.state()
      #expect(!state.isHeld && state.owed.count == 1)
      try bench.server.act("merge")
      try await bench.workspace.poll()
      #expect(try bench.workspace.state().owed.isEmpty)
      try await bench.workspace.poll()
      #expect(bench.branches == ["main"])
    } else {
      try await bench.workspace.ask(.resume(reason: "it is right as it is"))
      try await bench.workspace.poll()
      let state = try bench.workspace.state()
      #expect(state.owed.isEmpty && !state.isHeld)
      #expect(state.blocked != nil && bench.site.live() == "a: 1\n", "the branch is as it is, and the quarantine holds")
      #expect(state.needless.isEmpty && bench.branches == ["main"])
      #expect(try bench.server.reviews.first?.comments == [], "somebody else has closed it, and knows why")
    }
  }

  @Test("is made where a push is refused, and only then", arguments: [true, false])
  func whereAPushIsRefused(isProtected: Bool) async throws {
    let bench = try await PullRequestBench(.gitea, when: .protected, isProtected: isProtected)
    try await bench.workspace.rollback()
    #expect(try bench.workspace.state().owed.first?.request?.number == (isProtected ? 1 : nil))
    #expect(try bench.server.requests.isEmpty == !isProtected)
    #expect(try bench.workspace.state().owed.isEmpty == !isProtected)
  }

  @Test func aProtectedBranchWithoutPullRequestsLeavesTheRevertOwedAndSaysWhy() async throws {
    let site = try Site()
    let web = try await site.serve()
    let workspace = try await site.workspace(repository: site.repository(on: web))
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\n"], "Bad")
    try await workspace.sync()
    try site.protect()
    try await workspace.rollback()
    let why = try #require(try await StatusReport(workspace.context()).owed.first?.why)
    #expect(why.contains("hook"), "\(why)")
    #expect(site.live() == "a: 1\n")
  }

  @Test("of a host that fails is made later, and production doesn't wait", arguments: ["502", "hang", "429"])
  func ofAHostThatFails(how: String) async throws {
    let bench = try await PullRequestBench()
    try bench.server.fail(how == "hang" ? #"{"hang": true}"# : #"{"status": \#(how), "headers": {"Retry-After": "1"}}"#)
    let report = try await bench.workspace.rollback()
    guard
      case .rollbackFinished(let finished)? = report.events.map(\.payload).last(where: {
        $0.kind == "rollback.finished"
      })
    else {
      Issue.record("it didn't end: \(report.kinds)")
      return
    }
    #expect(finished.outcome == .verified && !finished.pushed && finished.milliseconds < 4000)
    #expect(try bench.workspace.state().owed.first?.why?.contains("the pull request waits") == true)
    try bench.server.fail(nil)
    bench.clock.move(by: 2)
    try await bench.workspace.poll()
    #expect(try bench.workspace.state().owed.first?.request?.number == 1)
  }

  @Test func aSecondRollbackGoesIntoAPullRequestWithTheFirst() async throws {
    let bench = try await PullRequestBench(isProtected: false)
    try bench.site.push(["app/b.yaml": "b: 2\n"], "Another")
    try await bench.workspace.sync()
    try bench.site.protect()
    try await bench.workspace.rollback()
    try await bench.workspace.poll()
    try await bench.workspace.rollback(.release(ReleaseNumber(1)))
    #expect(bench.site.live() == "a: 1\n" && bench.site.live("b.yaml") == "b: 1\n")
    let state = try bench.workspace.state()
    #expect(state.owed.count == 2 && state.owed.last?.request?.number == 2, "\(state.owed)")
    try await bench.workspace.poll()
    #expect(try bench.server.reviews.map(\.state) == ["closed", "open"], "what the second has, the first needn't")
    #expect(try bench.server.reviews.first?.comments.first?.contains("pull request #2 has it too") == true)
    try bench.server.act("merge")
    for _ in 0..<3 { try await bench.workspace.poll() }
    let after = try bench.workspace.state()
    #expect(after.owed.isEmpty && after.needless.isEmpty && !after.isHeld)
    #expect(bench.site.live() == "a: 1\n" && bench.site.live("b.yaml") == "b: 1\n")
    #expect(bench.branches == ["main"])
  }

  @Test func whatWasMadeBeforeACrashIsFoundAgain() async throws {
    let bench = try await PullRequestBench()
    try await bench.workspace.rollback()
    let state = try bench.workspace.state()
    var owed = state.owed
    for index in owed.indices { owed[index].request = nil }
    let context = try bench.workspace.context()
    let options = try #require(context.configuration.pullRequests)
    let facts = try await PullRequestPusher(context, options).push(owed)
    guard case .heard(let news)? = facts.first else {
      Issue.record("\(facts)")
      return
    }
    #expect(news.request == state.owed.first?.request && news.isOpen)
    // The revert came to the branch meanwhile: what was made for it is found, too, and so can be closed.
    try bench.site.unprotect()
    try bench.site.push(["app/app.yaml": "a: 1\n"], "By hand")
    let later = try await PullRequestPusher(context, options).push(owed)
    guard later.count == 2, case .heard(let found) = later[0], case .pushed = later[1] else {
      Issue.record("\(later)")
      return
    }
    #expect(found.request == news.request)
  }
}
