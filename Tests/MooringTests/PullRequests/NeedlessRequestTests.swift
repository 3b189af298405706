import FoundationEssentials
import Git
import GitRemotes
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// Pull requests that nothing waits in any more are put away.
@Suite("A pull request", .inTurn) struct NeedlessRequestTests {
  @Test(
    "that is done by hand on the branch is recognised, and its pull request is closed with a word why",
    arguments: PullRequestOptions.Provider.allCases)
  func byHand(_ provider: PullRequestOptions.Provider) async throws {
    let bench = try await PullRequestBench(provider, isProtected: false)
    try await bench.workspace.rollback()
    try bench.site.push(["app/app.yaml": "a: 1\n", "app/b.yaml": "b: 2\n"], "By hand")
    try await bench.workspace.poll()
    try await bench.workspace.poll()
    #expect(try bench.workspace.state().owed.isEmpty)
    #expect(bench.site.live("b.yaml") == "b: 2\n")
    let review = try #require(try bench.server.reviews.first)
    #expect(review.state == "closed" && !review.merged, "\(review)")
    #expect(review.comments.count == 1 && review.comments[0].contains("on the branch has it"), "\(review)")
    #expect(try bench.workspace.state().needless.isEmpty && bench.branches == ["main"])
    let count = try bench.workspace.state().eventCount
    try await bench.workspace.poll()
    #expect(try bench.workspace.state().eventCount == count, "it is said once")
  }

  @Test func whatUndoesItselfAgainIsNeededByNobody() async throws {
    let bench = try await PullRequestBench()
    try await bench.workspace.rollback()
    try await bench.workspace.rollback(.release(ReleaseNumber(2)))
    for _ in 0..<2 { try await bench.workspace.poll() }
    let state = try bench.workspace.state()
    #expect(state.owed.isEmpty && state.needless.isEmpty && !state.isHeld, "\(state.owed) \(state.needless)")
    #expect(bench.site.live() == "a: 2\ntoken: hunter2\n")
    #expect(state.deployed?.release.label == "v2", "\(state.deployed as Any)")
    #expect(try bench.server.reviews.map(\.state) == ["closed"] && bench.branches == ["main"])
  }

  @Test func whoLetsTheReleaseInAgainWithdrawsItsRevert() async throws {
    let bench = try await PullRequestBench()
    try await bench.workspace.rollback()
    let bad = try #require(try bench.workspace.state().quarantine.entries.first?.digest)
    try await bench.workspace.ask(.liftQuarantine(bad, reason: "it was the network"))
    for _ in 0..<3 { try await bench.workspace.poll() }
    let state = try bench.workspace.state()
    #expect(state.owed.isEmpty && state.needless.isEmpty && state.deployed?.release.label == "v2")
    #expect(bench.site.live() == "a: 2\ntoken: hunter2\n")
    let review = try #require(try bench.server.reviews.first)
    #expect(review.state == "closed" && review.comments.first?.contains("it was the network") == true, "\(review)")
    #expect(bench.branches == ["main"])
  }

  @Test(
    "that can't be put away is tried for an hour, and then left with a word",
    arguments: [
      #"{"status": 502}"#, #"{"status": 404, "body": "{\"message\": \"Not Found\"}"}"#,
      #"{"status": 401, "body": "{\"message\": \"Bad credentials\"}"}"#,
    ])
  func thatCantBePutAway(_ answer: String) async throws {
    let bench = try await PullRequestBench()
    try await bench.workspace.rollback()
    let context = try bench.workspace.context()
    let options = try #require(context.configuration.pullRequests)
    let owed = try #require(try bench.workspace.state().owed.first)
    let needless = NeedlessRequest(
      rollback: owed.rollback, request: try #require(owed.request), why: "the branch has it",
      since: bench.clock.time.now())
    let closer = PullRequestCloser(
      environment: context.name, git: context.repository.git,
      host: CodeHostClient(options: options, patience: CodeHostPatience(), time: bench.clock.time).host,
      time: bench.clock.time)
    try bench.server.fail(answer)
    #expect(try await closer.close([needless]) == [])
    bench.clock.move(by: 3600)
    let left = try await closer.close([needless])
    #expect(left.first?.problem?.contains("it is left as it is: the host answered") == true, "\(left)")
    #expect(left.first?.closed == false && left.first?.deleted == false)
    try bench.server.fail(nil)
    #expect(try await closer.close([needless]) == [RequestSettled(needless, closed: true, deleted: true)])
    #expect(try await closer.close([needless]) == [RequestSettled(needless)], "and is done with, who asks again")
  }

  @Test func aBranchThatSomebodyHasAddedToStays() async throws {
    let bench = try await PullRequestBench()
    try await bench.workspace.rollback()
    let branch = try #require(try bench.server.reviews.first?.branch)
    let author = bench.site.author
    try author.git("fetch", "--quiet", bench.site.remote.path, branch)
    try author.checkout("FETCH_HEAD")
    try author.commit("And one more thing", files: ["app/c.yaml": "c: 1\n"])
    try author.git("push", "--quiet", bench.site.remote.path, "HEAD:refs/heads/\(branch)")
    try bench.server.act("close")
    try await bench.workspace.poll()
    try await bench.workspace.ask(.resume(reason: "as it is"))
    let report = try await bench.workspace.poll()
    #expect(report.kinds.contains("requestSettled"), "\(report.kinds)")
    #expect(bench.branches == ["main", branch])
  }
}
