import MooringModel
import Testing

/// Going back is rehearsed: production goes to the release before, and returns.
@Suite("A drill") struct DrillTests {
  private static let allowed = Policy(drills: DrillPolicy(isAllowed: true))

  /// Production runs v2 after v1, both verified.
  private func story(_ policy: Policy = allowed) throws -> Story {
    var story = Story(policy: policy)
    try story.deploy(1)
    try story.deploy(2)
    return story
  }

  private func begin(_ story: inout Story) throws -> [String] {
    let request = DrillRequest(by: ann)
    #expect(try story.hear(.asked(.drill(request), by: ann)) == ["> inspect"])
    return try story.hear(.inspected(request, identifier("drill-1")))
  }

  @discardableResult
  private func leg(
    _ story: inout Story, _ id: String, _ number: Int, _ trigger: Trigger, pass: Bool = true
  ) throws -> [String] {
    try story.planned(id, v(number), trigger, by: ann)
    try story.hear(.carriedOut(identifier(id), failure: nil, live: digest(number)))
    story.now = story.now.advanced(by: .seconds(2))
    return try story.gates(id, pass: pass)
  }

  @Test func `Goes to the release before, and returns, and the trail is as it was`() throws {
    var story = try story()
    let trail = story.state.verified.map(\.release)
    #expect(try begin(&story) == ["+ drill.started", "> plan v1 for ann, drill drill-1"])
    #expect(
      try leg(&story, "away", 1, .drill(identifier("drill-1"))) == [
        "+ gate", "+ deployment.finished verified", "> plan v2 for ann, return drill-1",
      ])
    #expect(story.state.deployed?.release == v(1))
    #expect(
      try leg(&story, "home", 2, .drillReturn(identifier("drill-1"))) == [
        "+ gate", "+ deployment.finished verified", "+ drill.finished verified",
      ])
    #expect(story.state.deployed?.release == v(2) && story.state.deployed?.verified == true)
    #expect(story.state.verified.map(\.release) == trail && story.state.previous?.release == v(1))
    #expect(story.state.rehearsed?.finished.milliseconds == 2000)
    #expect(story.state.rehearsed?.finished.returnMilliseconds == 2000)
    #expect(story.state.isAtRest && !story.state.isHeld)
    #expect(EnvironmentState(replaying: story.events) == story.state)
  }

  @Test func `To a release that fails returns all the same, and nothing is held or reverted for it`() throws {
    var story = try story()
    _ = try begin(&story)
    let words = try leg(&story, "away", 1, .drill(identifier("drill-1")), pass: false)
    #expect(words.contains("> plan v2 for ann, return drill-1") && !words.contains { $0.contains("revert") })
    let ended = try leg(&story, "home", 2, .drillReturn(identifier("drill-1")))
    #expect(ended.contains("+ drill.finished failed"))
    #expect(story.state.lastDrill?.finished.returned == true && story.state.rehearsed == nil)
    #expect(story.state.failure == nil && !story.state.isHeld && story.state.quarantine.entries.isEmpty)
    #expect(story.state.previous?.release == v(1))
  }

  @Test func `That can't return is tried three times, and then held for`() throws {
    var story = try story()
    _ = try begin(&story)
    try leg(&story, "away", 1, .drill(identifier("drill-1")))
    for attempt in 1...3 {
      try story.planned("home-\(attempt)", v(2), .drillReturn(identifier("drill-1")), by: ann)
      let words = try story.hear(
        .carriedOut(identifier("home-\(attempt)"), failure: Fault(.target, "disk full"), live: digest(1)))
      #expect(words.contains(attempt < 3 ? "> plan v2 for ann, return drill-1" : "+ hold drillFailed"), "\(words)")
    }
    #expect(story.state.lastDrill?.finished.returned == false)
    #expect(story.state.deployed?.release == v(1))
    #expect(try story.head(v(2)) == [], "automation leaves it to a person")
    try story.head(v(2), asked: SyncRequest(initiator: ann, despiteHold: true))
    try story.deploy(2, trigger: .asked, by: ann)
    #expect(!story.state.isHeld, "the hold lifts with its cause")
  }

  @Test func `Returns to a release that fails then, and holds`() throws {
    var story = try story()
    _ = try begin(&story)
    try leg(&story, "away", 1, .drill(identifier("drill-1")))
    let words = try leg(&story, "home", 2, .drillReturn(identifier("drill-1")), pass: false)
    #expect(words.contains("+ drill.finished failed") && words.contains("+ hold drillFailed"))
    #expect(!words.contains { $0.contains("> revert") })
    #expect(try story.hear(.takenUp) == [], "a drill never leads to a revert")
  }

  @Test func `Was stopped on its way, and returns at the next start without going further`() throws {
    for isThere in [false, true] {
      var story = try story()
      _ = try begin(&story)
      if isThere {
        try leg(&story, "away", 1, .drill(identifier("drill-1")))
      } else {
        try story.planned("away", v(1), .drill(identifier("drill-1")), by: ann)
      }
      story.state = EnvironmentState(replaying: story.events)
      let words = try story.hear(.takenUp)
      #expect(words.suffix(1) == ["> plan v2 for ann, return drill-1"])
      #expect(words.contains("+ deployment.finished interrupted") != isThere)
      let ended = try leg(&story, "home", 2, .drillReturn(identifier("drill-1")))
      #expect(ended.contains("+ drill.finished \(isThere ? "verified" : "interrupted")"))
      #expect(story.state.deployed?.release == v(2) && story.state.isAtRest)
    }
  }

  @Test func `Was stopped before anything was touched, or on its way back`() throws {
    var early = try story()
    _ = try begin(&early)
    #expect(try early.hear(.takenUp) == ["+ drill.finished interrupted"])
    var late = try story()
    _ = try begin(&late)
    try leg(&late, "away", 1, .drill(identifier("drill-1")))
    try late.planned("home", v(2), .drillReturn(identifier("drill-1")), by: ann)
    #expect(try late.hear(.takenUp) == ["> plan v2 for ann, return drill-1, resuming home"])
  }

  @Test func `Isn't begun where it isn't allowed, or something else stands in the way`() throws {
    let request = Fact.asked(.drill(DrillRequest(by: ann)), by: ann)
    var forbidden = try story(Policy())
    #expect(try forbidden.hear(request) == ["> refuse state"])
    var held = try story()
    try held.hear(.asked(.hold(reason: "freeze"), by: ann))
    #expect(try held.hear(request) == ["> refuse held"])
    var first = Story(policy: Self.allowed)
    #expect(try first.hear(request) == ["> refuse state"])
    try first.deploy(1)
    #expect(try first.hear(request) == ["> refuse notFound"])
    var busy = try story()
    _ = try begin(&busy)
    #expect(try busy.hear(request) == ["> refuse busy"])
    var other = try story()
    #expect(
      try other.hear(.asked(.drill(DrillRequest(to: ReleaseNumber(7), by: ann)), by: ann)) == ["> refuse notFound"])
  }

  @Test func `Nothing else is deployed meanwhile, and a person's rollback ends one that can't return`() throws {
    var story = try story()
    _ = try begin(&story)
    try leg(&story, "away", 1, .drill(identifier("drill-1")))
    try story.hear(.notPlanned(v(2), .drillReturn(identifier("drill-1")), Fault(.target, "it can't be seen")))
    #expect(story.state.drill != nil)
    #expect(try story.head(v(3), new: [release(3)]) == ["+ release v3", "> refuse busy"])
    #expect(try story.hear(.takenUp) == ["> plan v2 for ann, return drill-1"])
    let words = try story.reverted(to: 1, automatic: false, by: ann)
    #expect(words.prefix(2) == ["+ drill.finished superseded", "+ rollback.started"])
    #expect(story.state.drill == nil)
  }

  @Test func `A release that waits for one isn't deployed, but by a person who means it`() throws {
    var story = try story()
    func report(_ asked: SyncRequest? = nil) -> Fact {
      .head(
        HeadReport(
          remote: revision(3), candidate: v(3), undrilled: Fault(.held, "v3 waits for a drill"), asked: asked))
    }
    try story.record(.release(release(3)))
    #expect(try story.hear(report()) == ["+ alert", "> refuse held", "> alert"])
    #expect(try story.hear(report()) == ["> refuse held"])
    #expect(try story.hear(report(SyncRequest(initiator: ann))) == ["> refuse held"])
    #expect(
      try story.hear(report(SyncRequest(initiator: ann, withoutDrill: true))) == ["> plan v3 for ann, asked"])
  }

  @Test func `Is due after a while, after a release, and at its hours`() throws {
    var story = try story()
    var policy = DrillPolicy(isAllowed: true, every: .seconds(86_400))
    #expect(policy.due(in: story.state) == morning.advanced(by: .seconds(86_400)))
    policy.hours = DayHours(from: 120, until: 240)
    #expect(policy.due(in: story.state) == morning.advanced(by: .seconds(86_400 + 7200)))
    policy = DrillPolicy(isAllowed: true, afterRelease: true)
    #expect(policy.due(in: story.state) == morning)
    _ = try begin(&story)
    try leg(&story, "away", 1, .drill(identifier("drill-1")))
    try leg(&story, "home", 2, .drillReturn(identifier("drill-1")))
    #expect(policy.due(in: story.state) == nil)
    #expect(DrillPolicy(isAllowed: true).due(in: story.state) == nil)
    #expect(DrillPolicy(every: .seconds(10)).due(in: story.state) == nil)
  }

  @Test func `Hours may reach over midnight`() {
    let night = DayHours(from: 23 * 60, until: 60)
    #expect(night.next(from: morning) == morning)
    #expect(night.next(from: morning.advanced(by: .seconds(3600))) == morning.advanced(by: .seconds(23 * 3600)))
    #expect(night.next(from: morning.advanced(by: .seconds(23 * 3600))) == morning.advanced(by: .seconds(23 * 3600)))
  }
}
