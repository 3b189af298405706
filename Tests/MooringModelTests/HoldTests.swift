import MooringModel
import Testing

@Suite("Deciding under a hold or a quarantine") struct HoldTests {
  @Test("a hold stops automatic deployment, and a sync needs to say despite it")
  func aHoldStopsAutomaticDeploymentAndA() throws {
    var story = Story()
    try story.deploy(1)
    #expect(try story.hear(.asked(.hold(reason: "freeze"), by: ann)) == ["+ hold person"])
    #expect(try story.head(v(2), new: [release(2)]) == ["+ release v2"])
    #expect(try story.hear(.asked(.sync(SyncRequest(initiator: ann)), by: ann)) == ["> refuse held"])
    #expect(try story.head(v(2), asked: SyncRequest(initiator: ann)) == ["> refuse held"])
    let despite = SyncRequest(initiator: ann, despiteHold: true)
    #expect(try story.hear(.asked(.sync(despite), by: ann)) == ["> fetch"])
    #expect(try story.head(v(2), asked: despite) == ["> plan v2 for ann, asked"])
    #expect(try story.hear(.asked(.resume(reason: "over"), by: ann)) == ["+ resume"])
    #expect(try story.hear(.asked(.resume(reason: "over"), by: ann)) == ["> refuse state"])
    #expect(try story.head(v(2)) == ["> plan v2 for mooring, revision"])
  }

  @Test("a hold that came between the plan and its beginning stops it, unless a person asked")
  func aHoldThatCameBetweenThePlan() throws {
    var story = Story()
    try story.deploy(1)
    try story.head(v(2), new: [release(2)])
    try story.hear(.asked(.hold(reason: "freeze"), by: ann))
    #expect(try story.planned("D", v(2)) == [])
    #expect(try story.planned("E", v(2), .asked, by: ann) == ["+ deployment.started v2", "> carryOut E"])
  }

  @Test("what is in flight when a hold comes is finished, and restored where it fails") func whatIsInFlightWhenAHold()
    throws
  {
    var story = Story()
    try story.deploy(1)
    try story.record(.release(release(2)))
    try story.planned("D", v(2))
    try story.hear(.asked(.hold(reason: "freeze"), by: ann))
    #expect(try story.hear(.carriedOut(identifier("D"), failure: nil, live: digest(2))) == ["> check D, supersedable"])
    #expect(try story.gates("D", pass: false).contains("> revert to v1, automatic"))
    #expect(try story.hear(.takenUp) == ["> revert to v1, automatic"])
  }

  @Test("a newer release lifts the hold that a failed one caused", arguments: [false, true])
  func aNewerReleaseLiftsTheHoldThat(isFirst: Bool) throws {
    var story = Story(policy: Policy(automaticRollback: false))
    if !isFirst { try story.deploy(1) }
    try story.deploy(2, pass: false)
    #expect(story.state.isHeld)
    #expect(
      try story.head(v(3), new: [release(3)]) == ["+ release v3", "+ resume", "> plan v3 for mooring, revision"])
  }

  @Test("a newer release that is the failed one again lifts nothing") func aNewerReleaseThatIsTheFailed() throws {
    var story = Story()
    try story.deploy(2, pass: false)
    let again = ReleaseReference(number: ReleaseNumber(3), revision: revision(3), digest: digest(2))
    #expect(try story.head(again, new: [release(3, digestOf: 2)]) == ["+ release v3"])
    #expect(story.state.isHeld)
  }

  @Test("a newer release doesn't lift a person's hold") func aNewerReleaseDoesntLiftAPersons() throws {
    var story = Story()
    try story.deploy(2, pass: false)
    try story.hear(.asked(.hold(reason: "freeze"), by: ann))
    #expect(try story.head(v(3), new: [release(3)]) == ["+ release v3"])
    #expect(story.state.isHeld)
  }

  @Test("a deployment that is verified lifts the hold that a failed one caused")
  func aDeploymentThatIsVerifiedLiftsThe() throws {
    var story = Story()
    try story.deploy(1, pass: false)
    #expect(try story.deploy(1, trigger: .asked, by: ann) == ["+ gate", "+ deployment.finished verified", "+ resume"])
    try story.hear(.asked(.hold(reason: "freeze"), by: ann))
    #expect(try story.deploy(2, trigger: .asked, by: ann) == ["+ gate", "+ deployment.finished verified"])
  }

  /// v2 was rolled back, and v3 is the revert.
  private func quarantined() throws -> Story {
    var story = Story()
    try story.deploy(1)
    try story.deploy(2, pass: false)
    try story.reverted(to: 1)
    try story.pushed(to: 1)
    try story.restored(to: 1)
    try story.head(
      ReleaseReference(number: ReleaseNumber(3), revision: revision(3), digest: digest(1)),
      new: [release(3, digestOf: 1)])
    return story
  }

  private let again = ReleaseReference(number: ReleaseNumber(4), revision: revision(4), digest: digest(2))

  @Test("automation doesn't deploy what was rolled back, whatever commit brings it, and says so once")
  func automationDoesntDeployWhatWasRolledBack() throws {
    var story = try quarantined()
    #expect(
      try story.head(again, new: [release(4, digestOf: 2)]) == ["+ release v4", "+ quarantine.blocked", "> alert"])
    #expect(try story.head(again) == [])
    #expect(try story.planned("D", again) == [])
    #expect(try story.head(v(5), new: [release(5)]) == ["+ release v5", "> plan v5 for mooring, revision"])
  }

  @Test("a person who deploys it lifts the quarantine") func aPersonWhoDeploysItLiftsThe() throws {
    var story = try quarantined()
    try story.head(again, new: [release(4, digestOf: 2)])
    #expect(try story.head(again, asked: SyncRequest(initiator: ann)) == ["> plan v4 for ann, asked"])
    #expect(
      try story.planned("D", again, .asked, by: ann) == [
        "+ quarantine.lifted", "+ deployment.started v4", "> carryOut D",
      ])
    #expect(story.state.quarantine.entries.isEmpty)
  }

  @Test("notes and takeovers are recorded and lead to nothing") func notesAndTakeoversAreRecordedAndLead() throws {
    var story = Story()
    #expect(try story.hear(.asked(.note("look at the graph"), by: ann)) == ["+ note"])
    #expect(try story.hear(.asked(.takeover, by: ann)) == ["+ takeover"])
  }
}
