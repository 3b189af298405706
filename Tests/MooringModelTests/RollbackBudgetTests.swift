import MooringModel
import Testing

@Suite("How far automation goes back") struct RollbackBudgetTests {
  private func policy(_ atMost: Int, dryRun: Bool = false) -> Policy {
    Policy(
      rollback: RollbackPolicy(budget: .init(atMost: atMost, within: .seconds(3600)), isRehearsed: dryRun))
  }

  /// v1 runs; a release fails, and is rolled back to v1.
  @discardableResult
  private func fail(_ number: Int, _ story: inout Story) throws -> [String] {
    try story.deploy(number, pass: false)
    let said = try story.reverted(to: 1)
    try story.pushed(to: 1)
    try story.restored(to: 1)
    return said
  }

  @Test("the last rollback of the budget leaves production on what was verified, and holds it there")
  func theLastRollbackOfTheBudget() throws {
    var story = Story(policy: policy(2))
    try story.deploy(1)
    #expect(try !fail(2, &story).contains("+ hold rollbackBudget"))
    #expect(
      try fail(3, &story) == [
        "+ rollback.started", "+ quarantine", "+ hold rollbackBudget", "> alert", "> alert",
        "> plan v1 (revert pending) for mooring, rollback rollback-1", "> push",
      ])
    #expect(story.state.deployed?.release.digest == digest(1) && story.state.deployed?.verified == true)
    #expect(
      story.state.holds.map(\.hold.cause) == [.rollbackBudget], "what runs is verified, and it is held all the same")
    #expect(try story.head(v(4), new: [release(4)]) == ["+ release v4"])
  }

  @Test("a budget that is spent lets a failure stand, and says so") func aBudgetThatIsSpent() throws {
    var story = Story(policy: policy(1))
    try story.deploy(1)
    try fail(2, &story)
    let said = try story.deploy(3, pass: false, trigger: .asked, by: ann)
    #expect(said.contains("+ hold rollbackBudget"), "\(said)")
    #expect(!said.contains { $0.hasPrefix("> revert") })
    #expect(try story.hear(.takenUp) == [])
    let reason = try #require(story.state.holds.last).hold.reason
    #expect(
      reason.contains("v3 failed: gate http: 503; it isn't rolled back: 1 automatic rollback within"), "\(reason)")
  }

  @Test("a person who resumes gives a new budget, and so does time") func aPersonWhoResumes() throws {
    for resumes in [true, false] {
      var story = Story(policy: policy(1))
      try story.deploy(1)
      try fail(2, &story)
      if resumes {
        try story.hear(.asked(.resume(reason: "I have looked"), by: ann))
      } else {
        story.now = story.now.advanced(by: .seconds(3600))
      }
      let said = try story.deploy(3, pass: false, trigger: .asked, by: ann)
      #expect(said.contains("> revert to v1 (revert pending), automatic"), "\(said)")
    }
  }

  @Test("a person's rollbacks don't count") func aPersonsRollbacksDontCount() throws {
    var story = Story(policy: policy(1))
    try story.deploy(1)
    try story.deploy(2)
    #expect(try !story.reverted(to: 1, automatic: false, by: ann).contains("+ hold rollbackBudget"))
  }

  @Test("a dry run says what it would have done, holds, and touches nothing") func aDryRun() throws {
    var story = Story(policy: policy(1, dryRun: true))
    try story.deploy(1)
    #expect(try story.deploy(2, pass: false).contains("> revert to v1, automatic, rehearsed"))
    #expect(
      try story.reverted(to: 1, isRehearsal: true) == ["+ rollback.rehearsed", "+ hold deploymentFailed", "> alert"])
    #expect(story.state.rehearsal?.undone == [revision(2)] && story.state.rehearsal?.to.label == "v1 (revert pending)")
    #expect(story.state.rollback == nil && story.state.owed.isEmpty && story.state.quarantine.entries.isEmpty)
    #expect(try story.hear(.takenUp) == [])
    #expect(
      try story.head(v(3), new: [release(3)]) == ["+ release v3", "+ resume", "> plan v3 for mooring, revision"])
    try story.deploy(3)
    #expect(story.state.rehearsal == nil)
  }

  @Test("a dry run that finds that no revert could be made says that") func aDryRunWithoutARevert() throws {
    var story = Story(policy: policy(1, dryRun: true))
    try story.deploy(1)
    try story.deploy(2, pass: false)
    let request = RevertRequest(
      scope: .release(v(1)), reason: "503", automatic: true, initiator: .watcher, isRehearsal: true)
    #expect(
      try story.hear(.notReverted(request, identifier("R"), Fault(.conflict, "shared inputs"))) == [
        "+ rollback.rehearsed", "+ hold deploymentFailed", "> refuse conflict", "> alert",
      ])
    #expect(story.state.rehearsal?.problem == "shared inputs")
  }

  @Test("a failure from long ago begins no rollback") func aFailureFromLongAgo() throws {
    var story = Story()
    try story.deploy(1)
    try story.deploy(2, pass: false)
    #expect(try story.hear(.takenUp) == ["> revert to v1, automatic"])
    story.now = story.now.advanced(by: .seconds(3600))
    #expect(try story.hear(.takenUp) == ["+ hold deploymentFailed", "> alert"])
    #expect(try #require(story.state.holds.first).hold.reason.contains("too long ago"))
    #expect(try story.hear(.takenUp) == [])
  }

  @Test("what failed is kept with what its gates answered, also over a crash") func whatFailedIsKept() throws {
    var story = Story()
    try story.deploy(1)
    try story.record(.release(release(2)))
    try story.planned("D", v(2))
    let began = story.now
    story.now = began.advanced(by: .seconds(31))
    try story.hear(.carriedOut(identifier("D"), failure: nil, live: digest(2)))
    try story.gates("D", pass: false)
    let evidence = try #require(EnvironmentState(replaying: story.events).failure?.evidence)
    #expect(evidence.release == v(2) && evidence.began == began && evidence.failed - began == .seconds(31))
    #expect(evidence.gates.map(\.detail) == ["503"])
  }
}
