import MooringModel
import Testing

@Suite("Deciding what to deploy") struct DeployingTests {
  @Test("a new release is recorded, planned, announced, carried out, checked and verified, in this order")
  func aNewReleaseIsRecordedPlannedAnnounced() throws {
    var story = Story()
    #expect(try story.head(v(1), new: [release(1)]) == ["+ release v1", "> plan v1 for mooring, revision"])
    #expect(try story.planned("D", v(1)) == ["+ deployment.started v1", "> carryOut D"])
    #expect(try story.hear(.carriedOut(identifier("D"), failure: nil, live: digest(1))) == ["> check D, supersedable"])
    #expect(try story.gates("D", pass: true) == ["+ gate", "+ deployment.finished verified"])
    #expect(try story.head(v(1)) == [])
  }

  @Test("releases are recorded in order, and the last is deployed") func releasesAreRecordedInOrderAndThe() throws {
    var story = Story()
    let decision = try story.hear(
      .head(
        HeadReport(
          remote: revision(3), catalogue: Catalogue(count: 1, upTo: revision(1), definition: definition),
          releases: [release(1), release(2), release(3)], candidate: v(3))))
    #expect(
      decision == [
        "+ catalogue", "+ release v1", "+ release v2", "+ release v3", "> plan v3 for mooring, revision",
      ])
  }

  @Test("a release that another program recorded while the branch was read isn't recorded again")
  func aReleaseThatAnotherProgramRecorded() throws {
    var story = Story()
    try story.deploy(1)
    try story.record(.release(release(2)))
    #expect(try story.head(v(2), new: [release(2)]) == ["> readHead"])
    #expect(try story.head(v(3), new: [release(2), release(3)]) == ["> readHead"])
  }

  @Test("a plan that changes nothing where the release is verified is no deployment")
  func aPlanThatChangesNothingWhereThe() throws {
    var story = Story()
    try story.deploy(1)
    #expect(try story.planned("D", v(1), .asked, by: ann) == [])
  }

  @Test("a release that runs unverified is deployed again when a person asks")
  func aReleaseThatRunsUnverifiedIsDeployed() throws {
    var story = Story(policy: Policy(automaticRollback: false))
    try story.deploy(1)
    try story.deploy(2, pass: false)
    #expect(try story.planned("D", v(2), .asked, by: ann) == ["+ deployment.started v2", "> carryOut D"])
  }

  @Test("without automatic sync a release waits for a person") func withoutAutomaticSyncAReleaseWaitsFor() throws {
    var story = Story(policy: Policy(automatic: false))
    #expect(try story.head(v(1), new: [release(1)]) == ["+ release v1"])
    #expect(try story.hear(.asked(.sync(SyncRequest(initiator: ann)), by: ann)) == ["> fetch"])
    #expect(try story.head(v(1), asked: SyncRequest(initiator: ann)) == ["> plan v1 for ann, asked"])
  }

  @Test("nothing is deployed beside a deployment or a rollback") func nothingIsDeployedBesideADeploymentOr() throws {
    var story = Story()
    try story.deploy(1)
    try story.record(.release(release(2)))
    try story.planned("D", v(2))
    #expect(try story.head(v(3), new: [release(3)]) == ["+ release v3"])
    #expect(try story.planned("E", v(3)) == ["> refuse busy"])
    try story.hear(.carriedOut(identifier("D"), failure: nil, live: digest(2)))
    try story.gates("D", pass: false)
    try story.reverted(to: 1)
    #expect(try story.head(v(4), new: [release(4)]) == ["+ release v4", "> push"])
  }

  @Test("what is said of a deployment that isn't in flight changes nothing") func whatIsSaidOfADeploymentThat() throws {
    var story = Story()
    try story.deploy(1)
    #expect(try story.hear(.carriedOut(identifier("X"), failure: nil, live: digest(2))) == [])
    #expect(try story.gates("X", pass: false) == [])
    try story.record(.release(release(2)))
    try story.planned("D", v(2))
    let fault = Fault(.target, "can't look")
    #expect(try story.hear(.notPlanned(v(3), .revision, fault)) == ["+ alert", "> refuse target", "> alert"])
    #expect(story.state.inFlight?.started.deployment == identifier("D"))
  }

  @Test("a first release that fails leads to a hold, because there is nothing to go back to")
  func aFirstReleaseThatFailsLeadsTo() throws {
    var story = Story()
    let decision = try story.deploy(1, pass: false)
    #expect(
      decision == [
        "+ gate", "+ deployment.finished failed", "+ hold firstReleaseFailed", "> alert", "> refuse gate", "> alert",
      ])
    #expect(try story.head(v(1)) == [])
  }

  @Test("a failed gate leads back to the last verified release") func aFailedGateLeadsBackToThe() throws {
    var story = Story()
    try story.deploy(1)
    let decision = try story.deploy(2, pass: false)
    #expect(
      decision == ["+ gate", "+ deployment.finished failed", "> alert", "> refuse gate", "> revert to v1, automatic"])
  }

  @Test("a failing step that left production as it was is tried again, later each time")
  func aFailingStepThatLeftProductionAs() throws {
    var story = Story()
    try story.deploy(1)
    try story.head(v(2), new: [release(2)])
    try story.planned("D", v(2))
    let failed = try story.hear(
      .carriedOut(identifier("D"), failure: Fault(.target, "disk full"), live: digest(1)))
    #expect(failed == ["+ deployment.finished failed", "> alert", "> refuse gate"])
    #expect(try story.head(v(2)) == [])
    story.now = story.now.advanced(by: .seconds(29))
    #expect(try story.head(v(2)) == [])
    story.now = story.now.advanced(by: .seconds(1))
    #expect(try story.head(v(2)) == ["> plan v2 for mooring, revision"])
    try story.planned("E", v(2))
    try story.hear(.carriedOut(identifier("E"), failure: Fault(.target, "disk full"), live: digest(1)))
    story.now = story.now.advanced(by: .seconds(59))
    #expect(try story.head(v(2)) == [])
    #expect(try story.head(v(3), new: [release(3)]) == ["+ release v3", "> plan v3 for mooring, revision"])
    #expect(try story.head(v(2), asked: SyncRequest(initiator: ann)) == ["> plan v2 for ann, asked"])
  }

  @Test("a failing step after the switch leads back as a failed gate does") func aFailingStepAfterTheSwitchLeads()
    throws
  {
    var story = Story()
    try story.deploy(1)
    try story.record(.release(release(2)))
    try story.planned("D", v(2))
    let failed = try story.hear(
      .carriedOut(identifier("D"), failure: Fault(.program, "reload failed"), live: digest(2)))
    #expect(
      failed == ["+ deployment.finished failed", "> alert", "> refuse gate", "> revert to v1, automatic"])
  }

  @Test("a superseded deployment makes room for the newer release") func aSupersededDeploymentMakesRoomForThe() throws {
    var story = Story()
    try story.deploy(1)
    try story.record(.release(release(2)))
    try story.planned("D", v(2))
    try story.hear(.carriedOut(identifier("D"), failure: nil, live: digest(2)))
    #expect(
      try story.hear(.gates(identifier("D"), .superseded(by: "v3"))) == ["+ deployment.finished superseded"])
    #expect(story.state.previous?.release == v(1))
    #expect(try story.head(v(3), new: [release(3)]) == ["+ release v3", "> plan v3 for mooring, revision"])
  }

  @Test("a release that failed before isn't rolled back while a newer one supersedes it")
  func aReleaseThatFailedBeforeIsntRolled() throws {
    var story = Story(policy: Policy(automaticRollback: false))
    try story.deploy(1)
    try story.deploy(2, pass: false)
    story.policy = Policy()
    try story.planned("D", v(2), .asked, by: ann)
    try story.hear(.carriedOut(identifier("D"), failure: nil, live: digest(2)))
    #expect(
      try story.hear(.gates(identifier("D"), .superseded(by: "v3"))) == ["+ deployment.finished superseded"])
  }

  @Test("a release that can't be planned is said once") func aReleaseThatCantBePlannedIs() throws {
    var story = Story()
    try story.deploy(1)
    try story.head(v(2), new: [release(2)])
    let fault = Fault(.target, "the root can't be read")
    #expect(try story.hear(.notPlanned(v(2), .revision, fault)) == ["+ alert", "> refuse target", "> alert"])
    #expect(try story.hear(.notPlanned(v(2), .revision, fault)) == ["> refuse target"])
  }

  @Test("a branch that means nothing deployable is said once, and to whoever asks")
  func aBranchThatMeansNothingDeployableIs() throws {
    var story = Story()
    let refused = HeadReport(remote: revision(5), refusal: Fault(.refusedContent, "v5 can't be rendered"))
    var asked = refused
    asked.asked = SyncRequest(initiator: ann)
    #expect(try story.hear(.head(refused)) == ["+ alert", "> alert"])
    #expect(try story.hear(.head(refused)) == [])
    #expect(try story.hear(.head(asked)) == ["> refuse refusedContent"])
  }

  @Test("rewritten history holds the environment, and nothing is deployed")
  func rewrittenHistoryHoldsTheEnvironmentAndNothing() throws {
    var story = Story()
    try story.deploy(1)
    try story.deploy(2)
    let rewritten = HistoryRewritten(was: revision(2), now: revision(3), vanished: [revision(2)])
    let decision = try story.hear(
      .head(HeadReport(remote: revision(3), releases: [release(3)], rewritten: rewritten, candidate: v(3))))
    #expect(decision == ["+ history-rewritten", "+ hold historyRewritten", "+ release v3", "> alert"])
    #expect(try story.head(v(4), new: [release(4)]) == ["+ release v4"])
    try story.hear(.asked(.resume(reason: "meant"), by: ann))
    #expect(try story.head(v(4)) == ["> plan v4 for mooring, revision"])
  }
}
