import FoundationEssentials
import MooringModel
import Testing

@Suite("What is known from events alone") struct ReplayTests {
  private func story(_ body: (inout Story) throws -> Void) throws -> EnvironmentState {
    var story = Story()
    try body(&story)
    #expect(EnvironmentState(replaying: story.events) == story.state)
    return story.state
  }

  @Test("is nothing at first") func isNothingAtFirst() throws {
    let state = EnvironmentState(replaying: [])
    #expect(state == EnvironmentState())
    #expect(state.previous == nil && !state.isHeld && state.lastNumber.value == 0)
  }

  @Test("the first writer owns the journal until another takes it over") func theFirstWriterOwnsTheJournalUntil() throws
  {
    let state = try story { story in
      try story.record(.note(Note(text: "hello")))
      #expect(story.state.owner == "here")
    }
    var other = state
    other.apply(
      Event(
        id: identifier("x"), time: morning, initiator: ann, source: "there", environment: try EnvironmentName("p"),
        payload: .note(Note(text: "mine?"))))
    #expect(other.owner == "here")
    other.apply(
      Event(
        id: identifier("y"), time: morning, initiator: ann, source: "there", environment: try EnvironmentName("p"),
        payload: .takeover(Takeover(from: "here"))))
    #expect(other.owner == "there")
    #expect(other.eventCount == 3)
  }

  @Test("the catalogue numbers history, and its newest release has the number that it had there")
  func theCatalogueNumbersHistoryAndItsNewest() throws {
    let state = try story { story in
      try story.record(.catalogue(Catalogue(count: 41, upTo: revision(7), definition: definition)))
      #expect(story.state.lastNumber.value == 41)
      #expect(story.state.anchor == revision(7))
      var newest = release(6)
      newest.number = ReleaseNumber(41)
      try story.record(.release(newest))
    }
    #expect(state.lastNumber.value == 41)
    #expect(state.newest?.revision == revision(6))
    #expect(state.anchor == revision(6))
  }

  @Test("an event of an older release doesn't take numbering back") func anEventOfAnOlderReleaseDoesnt() throws {
    let state = try story { story in
      try story.record(.release(release(5)))
      try story.record(.release(release(2)))
    }
    #expect(state.newest?.number.value == 5)
    #expect(state.anchor == revision(5))
  }

  @Test("a deployment is in flight until it ends, and its end says what runs") func aDeploymentIsInFlightUntilIt()
    throws
  {
    let state = try story { story in
      try story.record(.release(release(1)))
      try story.planned("D", v(1))
      #expect(story.state.inFlight?.started.release == v(1))
      #expect(story.state.deployed == nil)
      try story.record(
        .deploymentFinished(DeploymentFinished(deployment: identifier("other"), outcome: .verified, live: digest(1))))
      #expect(story.state.inFlight != nil)
      try story.record(
        .deploymentFinished(DeploymentFinished(deployment: identifier("D"), outcome: .verified, live: digest(1))))
    }
    #expect(state.inFlight == nil)
    #expect(state.deployed?.release == v(1) && state.deployed?.verified == true)
    #expect(state.verified.map(\.release) == [v(1)])
  }

  @Test(
    "what runs after a deployment that didn't succeed",
    arguments: [
      (DeploymentOutcome.failed, 1, 1, true), (.failed, 2, 2, false), (.superseded, 2, 2, false),
      (.superseded, 1, 1, true),
      (.interrupted, 1, 1, true),
    ])
  func whatRunsAfterADeploymentThatDidnt(
    outcome: DeploymentOutcome, live: Int, runs: Int, verified: Bool
  ) throws {
    let state = try story { story in
      try story.deploy(1)
      try story.record(.release(release(2)))
      try story.planned("D", v(2))
      try story.record(
        .deploymentFinished(DeploymentFinished(deployment: identifier("D"), outcome: outcome, live: digest(live))))
    }
    #expect(state.deployed?.release == v(runs))
    #expect(state.deployed?.verified == verified)
    #expect((state.failure != nil) == (outcome == .failed))
  }

  @Test("failures of one revision are counted, and waited on for longer each time up to 16 minutes")
  func failuresOfOneRevisionAreCountedAnd() throws {
    var waits: [Int?] = []
    _ = try story { story in
      try story.deploy(1)
      try story.record(.release(release(2)))
      for attempt in 1...8 {
        try story.planned("D\(attempt)", v(2))
        try story.record(
          .deploymentFinished(
            DeploymentFinished(deployment: identifier("D\(attempt)"), outcome: .failed, live: digest(1))))
        let failure = try #require(story.state.failure)
        #expect(failure.attempts == attempt)
        let wait = (0...2000).first { failure.mayRetry(at: failure.last.advanced(by: .seconds($0))) }
        waits.append(wait)
      }
      try story.deploy(3, pass: true)
      #expect(story.state.failure == nil)
    }
    #expect(waits == [30, 60, 120, 240, 480, 960, 960, nil])
  }

  @Test("the trail of verified releases has each once, the newest last, and at most 50")
  func theTrailOfVerifiedReleasesHasEach() throws {
    let state = try story { story in
      for number in 1...60 {
        var made = release(number)
        made.digest = content(number)
        try story.record(.release(made))
        let reference = ReleaseReference(
          number: ReleaseNumber(number), revision: revision(number), digest: content(number))
        try story.planned("D\(number)", reference)
        try story.record(
          .deploymentFinished(
            DeploymentFinished(deployment: identifier("D\(number)"), outcome: .verified, live: content(number))))
      }
    }
    #expect(state.verified.compactMap(\.release.number?.value) == Array(11...60))
    #expect(state.previous?.release.number?.value == 59)
  }

  @Test("a rollback forgets what came after the release that it goes back to") func aRollbackForgetsWhatCameAfterThe()
    throws
  {
    let state = try story { story in
      for number in 1...4 { try story.deploy(number) }
      try story.reverted(to: 2, automatic: false, by: ann)
    }
    #expect(state.verified.compactMap(\.release.number?.value) == [1, 2])
    #expect(state.owed.map(\.revert.commit) == [content(0xC2)])
    #expect(state.rollback?.pushed == nil)
  }

  @Test("a restored release has the number of its revert as soon as that is on the branch")
  func aRestoredReleaseHasTheNumberOf() throws {
    let state = try story { story in
      try story.deploy(1)
      try story.deploy(2, pass: false)
      try story.reverted(to: 1)
      try story.restored(to: 1)
      #expect(story.state.deployed?.release.label == "v1 (revert pending)")
      try story.pushed(to: 1)
      try story.record(.release(release(3, digestOf: 1, revision: content(0xC1))))
    }
    #expect(state.deployed?.release.label == "v3")
    #expect(state.verified.last?.release.label == "v3")
    #expect(state.owed.isEmpty)
  }

  @Test("a restored release has that number also when the revert landed while it was in flight")
  func aRestoredReleaseHasThatNumberAlso() throws {
    let state = try story { story in
      try story.deploy(1)
      try story.deploy(2, pass: false)
      try story.reverted(to: 1)
      try story.planned("R", pending(1), .rollback(identifier("rollback-1")))
      try story.pushed(to: 1)
      try story.record(.release(release(3, digestOf: 1, revision: content(0xC1))))
      try story.hear(.carriedOut(identifier("R"), failure: nil, live: digest(1)))
      try story.gates("R", pass: true)
    }
    #expect(
      state.deployed?.release == ReleaseReference(number: ReleaseNumber(3), revision: content(0xC1), digest: digest(1)))
    #expect(state.rollback == nil)
  }

  @Test("a revert that landed as another commit is known by that") func aRevertThatLandedAsAnotherCommit() throws {
    let state = try story { story in
      try story.deploy(1)
      try story.deploy(2, pass: false)
      try story.reverted(to: 1)
      try story.restored(to: 1)
      try story.hear(
        .pushed([RevertPushed(rollback: identifier("rollback-1"), commit: content(0xC1), landed: content(0xEE))]))
    }
    #expect(state.deployed?.release.revision == content(0xEE))
    #expect(state.verified.last?.release.revision == content(0xEE))
  }

  @Test("holds are one for each cause, and all end with a resume") func holdsAreOneForEachCauseAnd() throws {
    let state = try story { story in
      try story.record(.hold(Hold(cause: .person, reason: "one")), by: ann)
      try story.record(.hold(Hold(cause: .person, reason: "two")), by: ann)
      try story.record(.hold(Hold(cause: .historyRewritten, reason: "three")))
      #expect(story.state.holds.map(\.hold.reason) == ["two", "three"])
      #expect(story.state.holds.first?.initiator == ann)
      try story.record(.resume(Resume(reason: "go")), by: ann)
    }
    #expect(!state.isHeld)
  }

  @Test("a person who resumes after an owed revert conflicted has settled it") func aPersonWhoResumesAfterAnOwed()
    throws
  {
    let state = try story { story in
      try story.deploy(1)
      try story.deploy(2, pass: false)
      try story.reverted(to: 1, automatic: false, by: ann)
      try story.hear(.replayConflict(Fault(.conflict, "no")))
      try story.restored(to: 1)
      #expect(story.state.owed.count == 1)
      try story.record(.resume(Resume(reason: "reverted by hand")), by: ann)
    }
    #expect(state.owed.isEmpty)
    #expect(state.rollback == nil)
  }

  private func admitted(_ digest: ReleaseDigest, _ state: EnvironmentState) -> Admission {
    admits(state.quarantine, Candidate(digest), at: morning, for: .seconds(60))
  }

  @Test("a digest is in quarantine once, for its last reason") func aDigestIsInQuarantineOnceFor() throws {
    let entry = { (reason: String) in
      QuarantineEntry(
        revision: revision(2), digest: digest(2), number: ReleaseNumber(2), rollback: identifier("R"), reason: reason)
    }
    let state = try story { story in
      try story.record(.quarantine(entry("one")))
      try story.record(.quarantine(entry("two")))
      #expect(story.state.quarantine.entries.map(\.reason) == ["two"])
      #expect(admitted(digest(2), story.state) == .refused(entry("two"), Resemblance(.digest)))
      #expect(admitted(digest(1), story.state) == .admitted)
      try story.record(.quarantineLifted(QuarantineLifted(digest: digest(2), reason: "go")))
    }
    #expect(state.quarantine.entries.isEmpty)
  }

  @Test("a state is the same after it was written to the index and read") func aStateIsTheSameAfterIt() throws {
    let state = try story { story in
      try story.deploy(1)
      try story.deploy(2, pass: false)
      try story.reverted(to: 1)
      try story.notPushed(to: 1)
      try story.planned("R", pending(1), .rollback(identifier("rollback-1")))
      try story.record(.hold(Hold(cause: .person, reason: "wait")), by: ann)
      try story.record(.alert(Alert(message: "look", about: digest(1))))
    }
    #expect(try JSONDecoder().decode(EnvironmentState.self, from: JSONEncoder().encode(state)) == state)
  }
}
