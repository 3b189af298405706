import Git
import Mooring
import MooringModel
import MooringTestSupport
import Testing

/// Going back by a revert commit.
@Suite(.inTurn) struct RollbackTests {
  /// A site with `count` releases, the newest of them in production.
  private func deployed(_ count: Int) async throws -> (Site, Workspace) {
    let site = try Site()
    let workspace = try await site.workspace()
    try await workspace.sync()
    for index in 2..<(count + 1) {
      try site.push(["app/app.yaml": "a: \(index)\n", "other/file": "\(index)"], "Set a to \(index)")
      try await workspace.sync()
    }
    return (site, workspace)
  }

  @Test func theDefaultGoesBackOneReleaseByACommitOnTheInputsAlone() async throws {
    let (site, workspace) = try await deployed(3)
    let bad = try site.author.id()
    let report = try await workspace.rollback(reason: "5xx")
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live() == "a: 2\n")
    try site.pull()
    #expect(try site.author.git("show", "HEAD:app/app.yaml") == "a: 2")
    #expect(try site.author.git("show", "HEAD:other/file") == "3", "what isn't an input stays")
    let message = try site.author.git("log", "-1", "--format=%B")
    for line in [
      "Revert \"Set a to 3\"", "This reverts commit \(bad.hex).", "Mooring-Environment: production", "Mooring-From: v3",
      "Mooring-To: v2", "Mooring-Undoes: \(bad.hex)", "Mooring-Reason: 5xx", "Mooring-Operator: ann",
    ] { #expect(message.contains(line), "\(message)") }
    #expect(
      try site.author.git("log", "-1", "--format=%(trailers:key=Mooring-To,valueonly)") == "v2\n"
        || message.contains("v2"))
    let state = try workspace.state()
    #expect(state.deployed?.release.number == ReleaseNumber(4), "the revert is a release of its own")
    #expect(state.deployed?.verified == true)
    #expect(state.owed.isEmpty)
  }

  @Test func theNextPollDoesNotDeployTheRevertedRevisionAgain() async throws {
    let (site, workspace) = try await deployed(2)
    try await workspace.rollback()
    for _ in 0..<3 {
      let report = try await workspace.poll()
      #expect(!report.kinds.contains("deploymentStarted"))
    }
    #expect(site.live() == "a: 1\n")
    try site.pull()
    try site.push(["app/app.yaml": "a: 2\n"], "The same again")
    let report = try await workspace.poll()
    #expect(report.kinds.contains("quarantineBlocked"), "quarantine says so: \(report.kinds)")
    #expect(site.live() == "a: 1\n", "what was rolled back isn't deployed under another commit either")
    try await workspace.sync()
    #expect(site.live() == "a: 2\n", "unless a person asks for it")
    #expect(try workspace.state().quarantine.entries.isEmpty)
  }

  @Test func backToAReleaseUndoesEveryCommitSince() async throws {
    let (site, workspace) = try await deployed(4)
    let undone = try site.author.git("rev-list", "--first-parent", "-3", "main", "--", "app").split(separator: "\n")
    let report = try await workspace.rollback(.release(ReleaseNumber(1)))
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live() == "a: 1\n")
    try site.pull()
    let message = try site.author.git("log", "-1", "--format=%B")
    #expect(message.hasPrefix("Revert production to v1\n"))
    for commit in undone { #expect(message.contains("Mooring-Undoes: \(commit)")) }
    #expect(try site.author.git("rev-parse", "HEAD:app") == site.author.git("rev-parse", "HEAD~4:app"))
  }

  @Test func oneCommitIsUndoneAndWhatCameAfterItStays() async throws {
    let site = try Site(["app/one": "1\n", "app/two": "1\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let bad = try site.push(["app/one": "2\n"], "Bad")
    try site.push(["app/two": "2\n"], "Good")
    try await workspace.sync()
    let report = try await workspace.rollback(.commit(String(bad.hex.prefix(8))))
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live("one") == "1\n")
    #expect(site.live("two") == "2\n")
    guard case .rollbackStarted(let started) = report.events.first?.payload else {
      Issue.record("no rollback began: \(report.kinds)")
      return
    }
    #expect(!started.ranBefore)
  }

  @Test func aCommitThatConflictsShowsTheLinesAndLeavesNothingBehind() async throws {
    let site = try Site(["app/app.txt": "a: 1\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let bad = try site.push(["app/app.txt": "a: 2\n"], "Bad")
    try site.push(["app/app.txt": "a: 3\n"], "On top of it")
    try await workspace.sync()
    let (references, events) = (try site.references(), try workspace.state().eventCount)
    let report = try await workspace.rollback(.commit(bad.hex))
    let said = report.said
    #expect(said.contains("app/app.txt"), "\(said)")
    #expect(said.contains("<<<<<<<") && said.contains("a: 3") && said.contains("a: 1") && said.contains(">>>>>>>"))
    #expect(said.contains("--to vN"))
    #expect(try site.references() == references)
    #expect(try workspace.state().eventCount == events)
    #expect(site.live("app.txt") == "a: 3\n")
  }

  @Test func aMergeIsUndoneAgainstItsMainline() async throws {
    let site = try Site(["app/app.yaml": "a: 1\n", "app/main": "1\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.author.branch("feature")
    try site.author.commit("Feature", files: ["app/feature": "1\n"])
    try site.author.commit("More of it", files: ["app/app.yaml": "a: 2\n"])
    try site.author.checkout("main")
    try site.author.commit("Meanwhile", files: ["app/main": "2\n"])
    let merge = try site.author.merge("feature")
    try site.publish()
    try await workspace.sync()
    #expect(site.live() == "a: 2\n")
    let report = try await workspace.rollback(.commit(merge.hex))
    #expect(report.refusals.isEmpty, "\(report.said)")
    try site.pull()
    #expect(try site.author.git("rev-parse", "HEAD^{tree}") == site.author.git("rev-parse", "\(merge.hex)^1^{tree}"))
    #expect(site.live() == "a: 1\n")
    #expect(site.live("feature") == nil)
    #expect(site.live("main") == "2\n")
    #expect(try site.author.git("log", "-1", "--format=%B").contains("reversing\nchanges made to"), "as Git words it")
  }

  @Test func backToWhatRunsSaysSoAndDoesNothing() async throws {
    let (site, workspace) = try await deployed(2)
    let references = try site.references()
    let report = try await workspace.rollback(.release(ReleaseNumber(2)))
    #expect(report.said.contains("production already runs v2"), "\(report.said)")
    #expect(report.events.isEmpty)
    #expect(try site.references() == references)
  }

  @Test func aReleaseThatNeverWasIsNamed() async throws {
    let (_, workspace) = try await deployed(1)
    await #expect(throws: Fault.self) { try await workspace.rollback(.release(ReleaseNumber(9))) }
    let fault = await #expect(throws: Fault.self) { try await workspace.rollback() }
    #expect(fault?.what == "production has no verified release to go back to")
  }

  @Test func aCommitThatIsNotOnTheBranchIsNamed() async throws {
    let (site, workspace) = try await deployed(2)
    try site.author.branch("side")
    let side = try site.author.commit("Side", files: ["app/side": "1"])
    try site.author.git("push", "--quiet", site.remote.path, "side")
    let report = try await workspace.rollback(.commit(side.hex))
    #expect(report.said.contains("is not on the branch"), "\(report.said)")
  }

  @Test func twoRollbacksGoBackTwice() async throws {
    let (site, workspace) = try await deployed(3)
    try await workspace.rollback()
    #expect(site.live() == "a: 2\n")
    try await workspace.rollback()
    #expect(site.live() == "a: 1\n")
    try site.pull()
    #expect(try site.author.git("show", "HEAD:app/app.yaml") == "a: 1")
  }
}
