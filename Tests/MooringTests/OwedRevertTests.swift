import Git
import Mooring
import MooringModel
import MooringTestSupport
import Synchronization
import Testing

/// Reverts that can't be pushed at once: races, remotes that are away, branches that move on.
@Suite(.inTurn) struct OwedRevertTests {
  private func bad(_ transfer: any Transfer = TransferService()) async throws -> (Site, Workspace) {
    let site = try Site(["app/app.yaml": "a: 1\n", "app/b.yaml": "b: 1\n"])
    let workspace = try await site.workspace(transfer: transfer)
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\n"], "Bad")
    try await workspace.sync()
    #expect(site.live() == "a: 2\n")
    return (site, workspace)
  }

  @Test func aRaceForTheBranchIsRunAgainOnTheNewHead() async throws {
    let transfer = Interposed()
    let (site, workspace) = try await bad(transfer)
    transfer.beforeNextPushOfBranch { try site.push(["app/b.yaml": "b: 2\n"], "Quicker") }
    let report = try await workspace.rollback()
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(report.kinds.contains("revertPushed"))
    try site.pull()
    #expect(try site.author.git("show", "HEAD:app/app.yaml") == "a: 1")
    #expect(try site.author.git("show", "HEAD:app/b.yaml") == "b: 2", "what the other one pushed stays")
    #expect(try site.author.git("log", "-2", "--format=%s").split(separator: "\n") == ["Revert \"Bad\"", "Quicker"])
    try await workspace.poll()
    #expect(site.live() == "a: 1\n")
    #expect(site.live("b.yaml") == "b: 2\n", "and is deployed with the revert on it")
    #expect(try workspace.state().owed.isEmpty)
  }

  @Test func aFixPushedWhileTheFailedReleaseIsRevertedTakesOver() async throws {
    let transfer = Interposed()
    let site = try Site(["app/app.yaml": "a: 1\n"])
    let gate = GateConfiguration(
      name: "not 2", check: .command(["/bin/sh", "-c", "! grep -q 2 \"$0\"", "{root}/app.yaml"]),
      within: .milliseconds(200), interval: .milliseconds(20))
    let workspace = try await site.workspace([Site.Environment(gates: [gate])], transfer: transfer)
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\n"], "Bad")
    transfer.beforeNextPushOfBranch { try site.push(["app/app.yaml": "a: 3\n"], "Fix") }
    try await workspace.poll()
    try await workspace.poll()
    #expect(site.live() == "a: 3\n")
    let state = try workspace.state()
    #expect(!state.isHeld)
    #expect(state.owed.isEmpty)
    #expect(state.deployed?.verified == true)
    try site.pull()
    #expect(try site.author.git("show", "HEAD:app/app.yaml") == "a: 3", "nothing was reverted")
  }

  @Test func withTheRemoteAwayProductionIsBackAndTheRevertIsOwedUntilItIsPaid() async throws {
    let transfer = Interposed()
    let (site, workspace) = try await bad(transfer)
    transfer.isAway = true
    let report = try await workspace.rollback()
    #expect(site.live() == "a: 1\n")
    let state = report.state
    #expect(state.owed.count == 1)
    #expect(state.deployed?.release.label == "v1 (revert pending)")
    #expect(state.deployed?.verified == true)
    let status = try await StatusReport(workspace.context())
    #expect(status.owed.first?.why?.contains("away") == true)
    #expect(status.needsAttention)

    transfer.isAway = false
    transfer.refusesPushes = true
    for _ in 0..<2 { try await workspace.poll() }
    #expect(site.live() == "a: 1\n", "no poll brings the bad one back while the revert is owed")

    transfer.refusesPushes = false
    let paid = try await workspace.poll()
    #expect(paid.kinds.contains("revertPushed"), "\(paid.kinds)")
    #expect(try workspace.state().owed.isEmpty)
    try await workspace.poll()
    #expect(try workspace.state().deployed?.release.number == ReleaseNumber(3))
    try site.pull()
    #expect(try site.author.git("show", "HEAD:app/app.yaml") == "a: 1")
  }

  @Test func anOwedRevertIsReplayedOnAHeadThatMovedOn() async throws {
    let transfer = Interposed()
    let (site, workspace) = try await bad(transfer)
    transfer.isAway = true
    try await workspace.rollback()
    try site.push(["app/b.yaml": "b: 2\n"], "Meanwhile")
    transfer.isAway = false
    transfer.refusesPushes = true
    try await workspace.poll()
    #expect(site.live() == "a: 1\n")
    #expect(site.live("b.yaml") == "b: 2\n", "the head is the remote's with the owed revert on it")
    transfer.refusesPushes = false
    try await workspace.poll()
    try site.pull()
    #expect(try site.author.git("log", "-2", "--format=%s").split(separator: "\n") == ["Revert \"Bad\"", "Meanwhile"])
    #expect(try site.author.git("show", "HEAD:app/app.yaml") == "a: 1")
    #expect(try workspace.state().owed.isEmpty)
  }

  @Test func aReplayThatConflictsHoldsUntilSomebodyHasRevertedByHand() async throws {
    let transfer = Interposed()
    let (site, workspace) = try await bad(transfer)
    transfer.isAway = true
    try await workspace.rollback()
    try site.push(["app/app.yaml": "a: 3\n"], "On top of the bad one")
    transfer.isAway = false
    try await workspace.poll()
    let state = try workspace.state()
    #expect(state.holds.map(\.hold.cause) == [.replayConflict])
    #expect(state.holds.first?.hold.reason.contains("app/app.yaml") == true)
    #expect(site.live() == "a: 1\n")
    #expect(state.owed.count == 1)
    let count = state.eventCount
    for _ in 0..<3 { try await workspace.poll() }
    #expect(try workspace.state().eventCount == count, "the same conflict is said once")

    try site.push(["app/app.yaml": "a: 1\n"], "Revert by hand")
    try await workspace.poll()
    try await workspace.poll()
    let after = try workspace.state()
    #expect(after.owed.isEmpty)
    #expect(after.holds.isEmpty, "the hold lifts with its cause")
    #expect(site.live() == "a: 1\n")
  }
}

/// A transfer that lets a test stand between the loop and the remote.
final class Interposed: Transfer {
  private struct State {
    var isAway = false
    var refusesPushes = false
    var before: (@Sendable () throws -> Void)?
  }

  private let state = Mutex(State())

  var isAway: Bool {
    get { state.withLock { $0.isAway } }
    set { state.withLock { $0.isAway = newValue } }
  }
  var refusesPushes: Bool {
    get { state.withLock { $0.refusesPushes } }
    set { state.withLock { $0.refusesPushes = newValue } }
  }

  /// Runs once, after the branch was read for a push and before it is pushed.
  func beforeNextPushOfBranch(_ body: @escaping @Sendable () throws -> Void) { state.withLock { $0.before = body } }

  func carryOut(
    _ request: TransferRequest, within limit: Duration, progress: @escaping @Sendable (TransferReply) -> Void
  ) async throws -> TransferReply {
    if isAway { throw Fault(.remote, "the remote is away", at: request.url) }
    if request.kind == .push {
      if refusesPushes { throw Fault(.remote, "pushes are refused", at: request.url) }
      if request.updates.contains(where: { $0.reference == "refs/heads/main" }) {
        let before = state.withLock { state in
          defer { state.before = nil }
          return state.before
        }
        try before?()
      }
    }
    return try await TransferService().carryOut(request, within: limit, progress: progress)
  }
}
