import MooringModel
import Testing

@Suite("Deciding how to roll back") struct RollingBackTests {
  /// v1 verified, v2 failed.
  private func failed() throws -> Story {
    var story = Story()
    try story.deploy(1)
    try story.deploy(2, pass: false)
    return story
  }

  @Test("the revert is recorded with its quarantine before production and the push begin side by side")
  func theRevertIsRecordedWithItsQuarantine() throws {
    var story = try failed()
    #expect(
      try story.reverted(to: 1) == [
        "+ rollback.started", "+ quarantine", "> alert",
        "> plan v1 (revert pending) for mooring, rollback rollback-1", "> push",
      ])
    #expect(story.state.quarantine.entry(blocking: digest(2))?.number?.value == 2)
  }

  @Test("a revert that was made while a fix began to be deployed gives way to it; a person is told to ask again")
  func aRevertThatWasMadeWhileAFixBegan() throws {
    for isAutomatic in [true, false] {
      var story = try failed()
      try story.head(v(3), new: [release(3)])
      try story.planned("D3", v(3))
      #expect(
        try story.reverted(to: 1, automatic: isAutomatic, by: isAutomatic ? .watcher : ann)
          == (isAutomatic ? [] : ["> refuse busy"]))
      #expect(story.state.rollback == nil && story.state.inFlight != nil)
    }
  }

  @Test("a rollback ends when production and the push have both said how it went", arguments: [true, false])
  func aRollbackEndsWhenProductionAndThe(pushFirst: Bool) throws {
    var story = try failed()
    try story.reverted(to: 1)
    if pushFirst {
      #expect(try story.pushed(to: 1) == ["+ revert.pushed", "> readHead"])
      #expect(
        try story.restored(to: 1) == [
          "+ gate", "+ deployment.finished verified", "+ rollback.finished verified",
        ])
    } else {
      #expect(try story.restored(to: 1) == ["+ gate", "+ deployment.finished verified"])
      #expect(try story.pushed(to: 1) == ["+ revert.pushed", "+ rollback.finished verified", "> readHead"])
    }
    #expect(story.state.rollback == nil && story.state.owed.isEmpty && !story.state.isHeld)
  }

  @Test("its time is that of production, not that of the push") func itsTimeIsThatOfProductionNot() throws {
    var story = try failed()
    try story.reverted(to: 1)
    story.now = story.now.advanced(by: .milliseconds(700))
    try story.restored(to: 1)
    story.now = story.now.advanced(by: .seconds(60))
    try story.notPushed(to: 1)
    guard case .rollbackFinished(let finished) = story.events.last?.payload else {
      Issue.record("the rollback didn't end")
      return
    }
    #expect(finished.milliseconds == 700)
    #expect(!finished.pushed)
  }

  @Test("a push that fails leaves the revert owed, which is said once and tried at every head")
  func aPushThatFailsLeavesTheRevert() throws {
    var story = try failed()
    try story.reverted(to: 1)
    try story.restored(to: 1)
    #expect(try story.notPushed(to: 1) == ["+ revert.owed", "+ rollback.finished verified, owed", "> alert"])
    #expect(try story.notPushed(to: 1) == [])
    #expect(try story.notPushed(to: 1, why: "protected branch") == ["+ revert.owed"])
    #expect(try story.head(pending(1)) == ["> push"])
    #expect(try story.head(pending(1)) == ["> push"])
    #expect(try story.pushed(to: 1) == ["+ revert.pushed", "> readHead"])
    let landed = ReleaseReference(number: ReleaseNumber(3), revision: revision(3), digest: digest(1))
    #expect(try story.head(landed, new: [release(3, digestOf: 1)]) == ["+ release v3"])
    #expect(story.state.deployed?.release.label == "v3")
  }

  @Test("a revert that two pushes brought is recorded once") func aRevertThatTwoPushesBroughtIs() throws {
    var story = try failed()
    try story.reverted(to: 1)
    try story.restored(to: 1)
    try story.pushed(to: 1)
    #expect(try story.pushed(to: 1) == ["> readHead"])
  }

  @Test("where the restored release fails too, the revert stands and automation goes no further")
  func whereTheRestoredReleaseFailsTooThe() throws {
    var story = Story()
    try story.deploy(1)
    try story.deploy(2)
    try story.deploy(3, pass: false)
    try story.reverted(to: 2)
    try story.pushed(to: 2)
    #expect(
      try story.restored(to: 2, pass: false) == [
        "+ gate", "+ deployment.finished failed", "+ rollback.finished restoredUnverified, no change",
        "+ quarantine.lifted", "+ hold restoredReleaseFailed", "> alert", "> refuse gate", "> alert",
      ])
    #expect(story.state.quarantine.entries.isEmpty)
    #expect(try story.hear(.takenUp) == [])
    try story.hear(.asked(.resume(reason: "I am looking at it"), by: ann))
    #expect(try story.hear(.takenUp) == [], "a resume must not begin a second automatic rollback")
    let landed = ReleaseReference(number: ReleaseNumber(4), revision: revision(4), digest: digest(2))
    #expect(try story.head(landed, new: [release(4, digestOf: 2)]) == ["+ release v4"])
  }

  @Test("a rollback that can't be planned fails, and says so") func aRollbackThatCantBePlannedFails() throws {
    var story = try failed()
    try story.reverted(to: 1)
    let trigger = Trigger.rollback(identifier("rollback-1"))
    #expect(
      try story.hear(.notPlanned(pending(1), trigger, Fault(.target, "the root is gone"))) == [
        "+ rollback.finished failed, owed, no change", "+ quarantine.lifted", "+ hold restoredReleaseFailed",
        "> refuse target", "> alert",
      ])
    #expect(try #require(story.state.holds.first).hold.reason.contains("couldn't be brought back to v1"))
    #expect(story.state.deployed?.release == v(2))
  }

  @Test("without automatic rollback a failed release leads to a hold")
  func withoutAutomaticRollbackAFailedReleaseLeads() throws {
    var story = Story(policy: Policy(automaticRollback: false))
    try story.deploy(1)
    #expect(try story.deploy(2, pass: false).contains("+ hold deploymentFailed"))
    #expect(try story.hear(.takenUp) == [])
    try story.hear(.asked(.resume(reason: "known"), by: ann))
    #expect(try story.hear(.takenUp) == [], "a person's resume must last")
  }

  @Test("where no revert can be made, production alone is restored and the environment held")
  func whereNoRevertCanBeMadeProduction() throws {
    var story = try failed()
    let request = RevertRequest(scope: .release(v(1)), reason: "gate", automatic: true, initiator: .watcher)
    #expect(
      try story.hear(.notReverted(request, identifier("rollback-1"), Fault(.conflict, "shared inputs"))) == [
        "+ hold sharedInputs", "+ rollback.started", "+ quarantine", "> refuse conflict", "> alert", "> alert",
        "> plan v1 for mooring, rollback rollback-1",
      ])
    try story.planned("R", v(1), .rollback(identifier("rollback-1")))
    try story.hear(.carriedOut(identifier("R"), failure: nil, live: digest(1)))
    #expect(
      try story.gates("R", pass: true) == ["+ gate", "+ deployment.finished verified", "+ rollback.finished verified"])
    #expect(story.state.owed.isEmpty)
    #expect(try story.head(v(2)) == [])
  }

  @Test("a person's revert that can't be made is refused, and nothing else happens") func aPersonsRevertThatCantBeMade()
    throws
  {
    var story = try failed()
    let request = RevertRequest(scope: .commit(revision(2)), reason: "bad", automatic: false, initiator: ann)
    #expect(try story.hear(.asked(.rollback(request), by: ann)) == ["> revert of 02020202"])
    #expect(
      try story.hear(.notReverted(request, identifier("R"), Fault(.conflict, "lines"))) == ["> refuse conflict"])
  }

  @Test("a rollback goes on while a person holds the environment") func aRollbackGoesOnWhileAPerson() throws {
    var story = Story()
    try story.deploy(1)
    try story.deploy(2)
    try story.hear(.asked(.hold(reason: "freeze"), by: ann))
    let request = RevertRequest(scope: .release(v(1)), reason: "bad", automatic: false, initiator: ann)
    #expect(try story.hear(.asked(.rollback(request), by: ann)) == ["> revert to v1"])
    try story.reverted(to: 1, automatic: false, by: ann)
    try story.restored(to: 1)
    #expect(try story.pushed(to: 1).contains("+ rollback.finished verified"))
    #expect(story.state.isHeld)
  }

  @Test("a person who rolls back to a quarantined release lifts its quarantine") func aPersonWhoRollsBackToA() throws {
    var story = try failed()
    try story.reverted(to: 1)
    try story.pushed(to: 1)
    try story.restored(to: 1)
    #expect(
      try story.reverted(to: 2, automatic: false, by: ann).prefix(3) == [
        "+ rollback.started", "+ quarantine", "+ quarantine.lifted",
      ])
    #expect(story.state.quarantine.entry(blocking: digest(2)) == nil)
    #expect(story.state.quarantine.entry(blocking: digest(1)) != nil)
  }

  @Test("owed reverts that conflict hold the environment, once, until they are on the branch")
  func owedRevertsThatConflictHoldTheEnvironment() throws {
    var story = try failed()
    try story.reverted(to: 1, automatic: false, by: ann)
    let conflict = Fact.replayConflict(Fault(.conflict, "a.yaml"))
    #expect(try story.hear(conflict) == ["+ hold replayConflict", "+ revert.owed", "> alert", "> alert"])
    #expect(try story.hear(conflict) == [])
    #expect(try story.restored(to: 1).contains("+ rollback.finished verified, owed"))
    #expect(try story.pushed(to: 1) == ["+ revert.pushed", "+ resume", "> readHead"])
    #expect(!story.state.isHeld)
  }

  @Test("an automatic rollback whose revert conflicts gives way to the fix behind the failed release")
  func anAutomaticRollbackGivesWay() throws {
    var story = try failed()
    try story.reverted(to: 1)
    #expect(
      try story.hear(.replayConflict(Fault(.conflict, "a.yaml"))) == [
        "+ hold replayConflict", "+ resume", "> alert", "> readHead",
      ])
    #expect(try story.restored(to: 1).contains("+ rollback.finished verified, owed"))
    #expect(story.state.owed.isEmpty)
    #expect(!story.state.isHeld)
    #expect(try story.head(v(3), new: [release(3)]) == ["+ release v3", "> plan v3 for mooring, revision"])
  }

  @Test("a person's hold outlasts the conflict") func aPersonsHoldOutlastsTheConflict() throws {
    var story = try failed()
    try story.reverted(to: 1)
    try story.hear(.asked(.hold(reason: "freeze"), by: ann))
    try story.hear(.replayConflict(Fault(.conflict, "a.yaml")))
    try story.restored(to: 1)
    try story.pushed(to: 1)
    #expect(story.state.isHeld)
  }
}
