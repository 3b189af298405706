import FoundationEssentials
import Git
import GitRemotes
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// Reverts of a machine that doesn't own the environment.
@Suite("A pull request", .inTurn) struct DistantPullRequestTests {
  @Test("from another machine is asked for, and not called done before its owner says so", arguments: [true, false])
  func fromAnotherMachine(always: Bool) async throws {
    let bench = try await PullRequestBench(when: always ? .always : .protected)
    let context = try bench.workspace.context()
    let request = try await context.revertRequest(.previous, reason: "5xx", by: Site.person, includeShared: false)
    let distant = DistantRollback(context: context, observer: { _ in }, patience: .zero)
    let report = try await distant.carryOut(request)
    guard case .rollbackFinished(let finished)? = report.events.last?.payload else {
      Issue.record("\(report.events)")
      return
    }
    #expect(finished.outcome == .unconfirmed && !finished.pushed, "\(finished)")
    #expect(
      finished.detail?.contains("pull request #1 (https://host.example/o/n/pull/1) asks for") == true, "\(finished)")
    let review = try #require(try bench.server.reviews.first)
    #expect(review.state == "open" && bench.branches == ["main", review.branch])
    #expect(bench.site.live() == "a: 2\ntoken: hunter2\n", "only its owner touches production")
  }

  @Test func fromAnotherMachineAHostThatFailsIsTold() async throws {
    let bench = try await PullRequestBench()
    try bench.server.fail(#"{"status": 403, "body": "{\"message\": \"Resource not accessible\"}"}"#)
    let context = try bench.workspace.context()
    let request = try await context.revertRequest(.previous, reason: "5xx", by: Site.person, includeShared: false)
    let fault = await #expect(throws: Fault.self) {
      try await DistantRollback(context: context, observer: { _ in }).carryOut(request)
    }
    #expect(fault?.description.contains("Resource not accessible") == true, "\(fault as Any)")
    #expect(fault?.description.contains("nothing was changed") == true, "\(fault as Any)")
  }
}
