import FoundationEssentials
import Git
import Mooring
import MooringJournal
import MooringModel
import MooringTestSupport
import Testing

/// What an environment remembers and obeys: holds, retries, rewritten history, its one writer, and time.
@Suite(.inTurn) struct StateTests {
  // MARK: Holds

  @Test func aHoldStopsAutomationUntilItIsResumed() async throws {
    let site = try Site()
    let workspace = try await site.workspace()
    try await workspace.sync()
    try await workspace.ask(.hold(reason: "freeze"))
    try site.push(["app/app.yaml": "a: 2\n"])
    try await workspace.poll()
    #expect(site.live() == "a: 1\n")
    #expect(try workspace.state().newest?.number == ReleaseNumber(2), "it is still numbered")

    let refused = try await workspace.sync()
    #expect(refused.said.contains("held: freeze (by ann"), "\(refused.said)")
    #expect(refused.said.contains("mooring resume") && refused.said.contains("--despite-hold"))
    #expect(site.live() == "a: 1\n")

    try await workspace.ask(.resume(reason: "over"))
    try await workspace.poll()
    #expect(site.live() == "a: 2\n")
    let again = try await workspace.ask(.resume(reason: "again"))
    #expect(again.said.contains("nothing is held"))
  }

  @Test func aPersonMayDeployDespiteAHoldAndTheHoldStays() async throws {
    let site = try Site()
    let workspace = try await site.workspace()
    try await workspace.sync()
    try await workspace.ask(.hold(reason: "freeze"))
    try site.push(["app/app.yaml": "a: 2\n"])
    let report = try await workspace.sync(despiteHold: true)
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live() == "a: 2\n")
    #expect(try workspace.state().isHeld)
  }

  @Test func aRollbackGoesOnDuringAHold() async throws {
    let site = try Site()
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\n"])
    try await workspace.sync()
    try await workspace.ask(.hold(reason: "freeze"))
    let report = try await workspace.rollback()
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live() == "a: 1\n")
    #expect(try workspace.state().holds.map(\.hold.cause) == [.person], "a person's hold stays until resumed")
  }

  @Test func aFirstReleaseThatFailsHoldsAndTheFixBehindItLiftsThat() async throws {
    let gate = GateConfiguration(
      name: "good", check: .command(["/bin/sh", "-c", "! grep -q bad {root}/app.yaml"]), within: .milliseconds(100))
    let site = try Site(["app/app.yaml": "a: bad\n"])
    let workspace = try await site.workspace([.init(gates: [gate])])
    let report = try await workspace.poll()
    #expect(report.said.contains("gate good"), "\(report.said)")
    #expect(try workspace.state().holds.map(\.hold.cause) == [.firstReleaseFailed])
    try site.push(["app/app.yaml": "a: 2\n"])
    try await workspace.poll()
    #expect(site.live() == "a: 2\n")
    #expect(try workspace.state().holds.isEmpty)
  }

  // MARK: Failures

  @Test func whatFailsBeforeTheSwitchIsTriedAgainLessAndLessOften() async throws {
    let clock = Clock()
    let site = try Site()
    let marker = site.folder["marker"]
    let workspace = try await site.workspace(
      [.init(validate: ["/bin/sh", "-c", "! grep -q bad {root}/app.yaml || [ -e \(marker) ]"])], time: clock.time)
    try await workspace.poll()
    let bad = try site.push(["app/app.yaml": "a: bad\n"])
    var tries = 0
    for _ in 0..<30 {
      if try await workspace.poll().kinds.contains("deploymentStarted") { tries += 1 }
      clock.move(by: 10)
    }
    #expect(tries == 4, "in 300 s: at 0, 30, 90 and 210 s")
    #expect(site.live() == "a: 1\n")
    try site.author.git("fetch", "--quiet", site.remote.path, "main")
    #expect(try site.author.id("FETCH_HEAD") == bad, "nothing was reverted: it never ran")
    #expect(try workspace.state().holds.isEmpty)

    try site.folder.write("", to: "marker")
    clock.move(by: 1000)
    try await workspace.poll()
    #expect(site.live() == "a: bad\n", "a failure that passes is tried again")
  }

  @Test func aFixBehindAFailingRevisionIsDeployedAtOnce() async throws {
    let site = try Site()
    let workspace = try await site.workspace([.init(validate: ["/bin/sh", "-c", "! grep -q bad {root}/app.yaml"])])
    try await workspace.poll()
    try site.push(["app/app.yaml": "a: bad\n"])
    try await workspace.poll()
    try site.push(["app/app.yaml": "a: 3\n"])
    try await workspace.poll()
    #expect(site.live() == "a: 3\n")
  }

  @Test func automaticRollbackGoesOneStepOnly() async throws {
    let site = try Site()
    let broken = site.folder["broken"]
    let gate = GateConfiguration(
      name: "good", check: .command(["/bin/sh", "-c", "[ ! -e \(broken) ]"]), within: .milliseconds(100))
    let workspace = try await site.workspace([.init(gates: [gate])])
    try await workspace.poll()
    try site.push(["app/app.yaml": "a: 2\n"])
    try await workspace.poll()
    try site.folder.write("", to: "broken")
    try site.push(["app/app.yaml": "a: 3\n"])
    let report = try await workspace.poll()
    #expect(report.kinds.filter { $0 == "rollbackStarted" }.count == 1)
    #expect(site.live() == "a: 2\n", "not further than to what ran before")
    let state = try workspace.state()
    #expect(state.holds.map(\.hold.cause) == [.restoredReleaseFailed])
    #expect(state.quarantine.entries.isEmpty, "the release wasn't to blame")
    try site.pull()
    #expect(try site.author.git("show", "HEAD:app/app.yaml") == "a: 2", "the revert stands")
    for _ in 0..<2 {
      let more = try await workspace.poll()
      #expect(!more.kinds.contains("rollbackStarted") && !more.kinds.contains("deploymentStarted"), "\(more.kinds)")
    }
  }

  // MARK: Rewritten history

  @Test func rewrittenHistoryHoldsNamesWhatVanishedAndLosesNothing() async throws {
    let site = try Site()
    let workspace = try await site.workspace()
    try await workspace.sync()
    let second = try site.push(["app/app.yaml": "a: 2\n"])
    let third = try site.push(["app/app.yaml": "a: 3\n"])
    try await workspace.sync()
    try site.author.git("reset", "--quiet", "--hard", "HEAD~2")
    let other = try site.author.commit("Another past", files: ["app/app.yaml": "a: 4\n"])
    try site.publish(force: true)
    let report = try await workspace.poll()
    #expect(site.live() == "a: 3\n")
    let state = try workspace.state()
    #expect(state.holds.map(\.hold.cause) == [.historyRewritten])
    let rewritten = report.events.compactMap { event -> HistoryRewritten? in
      guard case .historyRewritten(let rewritten) = event.payload else { return nil }
      return rewritten
    }
    #expect(rewritten.map(\.was.hex) == [third.hex])
    #expect(rewritten.map(\.now.hex) == [other.hex])
    #expect(rewritten.flatMap(\.vanished).map(\.hex) == [third.hex, second.hex])
    #expect(state.newest?.number == ReleaseNumber(4), "numbers go on, and none is used twice")
    let again = try await workspace.poll()
    #expect(!again.kinds.contains("historyRewritten"))

    let local = site.folder["state/repositories/config.git"]
    try site.author.git("--git-dir", local, "reflog", "expire", "--all", "--expire=now")
    try site.author.git("--git-dir", local, "gc", "--quiet", "--prune=now")
    let later = try await site.workspace()
    let lost = try await later.context().release(.number(ReleaseNumber(3)))
    #expect(try later.context().file(RelativePath("app.yaml"), of: lost) == Array("a: 3\n".utf8))
    let back = try await later.rollback(.release(ReleaseNumber(2)))
    #expect(back.refusals.isEmpty, "\(back.said)")
    #expect(site.live() == "a: 2\n", "a release that the branch lost can be gone back to")
  }

  // MARK: One writer

  @Test func anotherStateDirectoryIsReadOnlyUntilItTakesOver() async throws {
    let site = try Site()
    let first = try await site.workspace()
    try await first.sync()
    try site.push(["app/app.yaml": "a: 2\n"])
    let second = try await site.workspace(state: "second")
    let fault = await #expect(throws: Fault.self) { try await second.sync() }
    #expect(fault?.code == .notOwner)
    #expect(fault?.remedy?.contains("mooring takeover production") == true)
    await #expect(throws: Fault.self) { try await second.ask(.hold(reason: "x")) }
    #expect(site.live() == "a: 1\n")
    #expect(try second.state().deployed?.release.number == ReleaseNumber(1), "but it reads the journal of the remote")

    _ = try await second.takeover(second.context(), by: Site.person)
    try await second.sync()
    #expect(site.live() == "a: 2\n")
    try site.push(["app/app.yaml": "a: 3\n"])
    let noticed = await #expect(throws: Fault.self) { try await first.poll() }
    #expect(noticed?.code == .notOwner, "the first one learns of it with its next fetch")
    #expect(site.live() == "a: 2\n")
  }

  // MARK: Time

  @Test func aClockThatStepsBackKeepsTheStoryInOrder() async throws {
    let clock = Clock()
    let site = try Site()
    let workspace = try await site.workspace(time: clock.time)
    try await workspace.sync()
    clock.move(by: -86_400)
    try site.push(["app/app.yaml": "a: 2\n"])
    try await workspace.sync()
    clock.move(by: -86_400 * 365)
    try await workspace.rollback()
    clock.move(by: 3600)
    try await workspace.ask(.note("still here"))
    let events = try workspace.context().events(limit: nil).reversed()
    #expect(events.map(\.time) == events.map(\.time).sorted())
    #expect(site.live() == "a: 1\n")
    #expect(try workspace.state().deployed?.verified == true)
    let moment = try #require(events.first).time
    let later = try await workspace.context().release(.moment(moment.advanced(by: .seconds(60))))
    #expect(later.number == ReleaseNumber(3))
  }

  @Test func aMomentInThePastIsShownAsProductionHadIt() async throws {
    let clock = Clock()
    let site = try Site()
    let workspace = try await site.workspace(time: clock.time)
    try await workspace.sync()
    let first = clock.time.now()
    clock.move(by: 60)
    try site.push(["app/app.yaml": "a: 2\n"])
    try await workspace.sync()
    let context = try workspace.context()
    #expect(try await context.release(.moment(first.advanced(by: .seconds(30)))).number == ReleaseNumber(1))
    #expect(try await context.release(.moment(first.advanced(by: .seconds(90)))).number == ReleaseNumber(2))
    await #expect(throws: Fault.self) { try await context.release(.moment(first.advanced(by: .seconds(-1)))) }
  }
}
