import MooringModel
import Testing

@Suite("What a quarantine keeps out") struct QuarantineRuleTests {
  private static let (replicas, image, size) = (
    BadChange.Place(file: "web.yaml", document: "Deployment/web", field: "spec.replicas"),
    BadChange.Place(file: "web.yaml", document: "Deployment/web", field: "image"),
    BadChange.Place(file: "app.yaml", field: "size")
  )
  private static let bad = BadChange(places: [replicas, image, size], images: [image: "r/web:2"])
  private static let plain = BadChange(places: [replicas, size])

  struct Case: Sendable {
    var bad: BadChange
    var candidate: Set<BadChange.Place>
    var running: Set<BadChange.Place> = []
    var rule: Resemblance.Rule?
  }

  private static let cases: [Case] = [
    Case(bad: plain, candidate: [replicas, size], rule: .fields), Case(bad: plain, candidate: [replicas]),
    Case(bad: plain, candidate: []), Case(bad: bad, candidate: [image], rule: .image),
    Case(bad: bad, candidate: [image, replicas, size], rule: .image), Case(bad: bad, candidate: [replicas, size]),
    // What runs has it anyway: nothing is brought back.
    Case(bad: bad, candidate: [image], running: [image]),
    Case(bad: plain, candidate: [replicas, size], running: [replicas, size]),
    Case(bad: plain, candidate: [replicas, size], running: [size], rule: .fields),
    // Of a release that only changed blanks and comments, every field is always back.
    Case(bad: BadChange(), candidate: []), Case(bad: BadChange(places: [size], isCut: true), candidate: [size]),
    Case(
      bad: BadChange(places: [size, image], images: [image: "r/web:2"], isCut: true), candidate: [image], rule: .image),
  ]

  @Test("by what is back of what the bad release had changed", arguments: cases) func byWhatIsBack(_ one: Case) {
    #expect(one.bad.resemblance(candidate: one.candidate, running: one.running)?.rule == one.rule)
  }

  @Test("and never by more than one field less than all", arguments: 0..<200) func neverByLess(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let all = (0..<Int.random(in: 1...8, using: &random)).map { BadChange.Place(file: "f\($0 % 3)", field: "a\($0)") }
    let images = Dictionary(uniqueKeysWithValues: all.filter { _ in Bool.random(using: &random) }.map { ($0, "r:2") })
    let candidate = Set(all.filter { _ in Int.random(in: 0..<4, using: &random) > 0 })
    let running = Set(all.filter { _ in Int.random(in: 0..<4, using: &random) == 0 })
    let found = BadChange(places: Set(all), images: images).resemblance(candidate: candidate, running: running)
    let again = candidate.subtracting(running)
    let hasImage = images.keys.contains { again.contains($0) }
    let hasAll = candidate.count == all.count && !again.isEmpty
    #expect(found?.rule == (hasImage ? .image : hasAll ? .fields : nil))
  }

  // MARK: Deciding

  /// v2 was rolled back, and v3 is the revert.
  private func quarantined(_ policy: Policy = Policy()) throws -> Story {
    var story = Story(policy: policy)
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

  private let image = [digest(2): Resemblance(.image, "r/web:2 (web.yaml)")]

  @Test("what brings an image back is stopped with an event and an alert, once, that say why and how to lift it")
  func whatBringsAnImageBack() throws {
    var story = try quarantined()
    #expect(
      try story.head(v(4), new: [release(4)], resembling: image) == [
        "+ release v4", "+ quarantine.blocked", "> alert",
      ])
    #expect(try story.head(v(4), resembling: image) == [])
    let blocked = try #require(story.state.blocked)
    #expect(
      blocked.message(in: "production")
        == "v4 isn't deployed: it brings the image r/web:2 (web.yaml) back from v2, which was rolled back (it is bad);"
        + " push a fix, let it pass with `mooring quarantine production --lift 02020202`, or deploy it yourself with"
        + " `mooring sync production`")
    #expect(try story.head(v(5), new: [release(5)]) == ["+ release v5", "> plan v5 for mooring, revision"])
    try story.planned("D", v(5))
    #expect(story.state.blocked == nil)
  }

  @Test("what was not compared with all that is in quarantine is read again, and not deployed")
  func whatWasNotCompared() throws {
    var story = try quarantined()
    let report = HeadReport(remote: revision(4), releases: [release(4)], candidate: v(4))
    #expect(try story.hear(.head(report)) == ["+ release v4", "> readHead"])
    let plan = deploymentPlan(from: digest(1), to: digest(4))
    let planned = PlannedDeployment(
      id: identifier("D"), release: v(4), trigger: .revision, initiator: .watcher, plan: plan)
    #expect(try story.hear(.planned(planned)) == ["> readHead"])
  }

  @Test("a quarantine that came between the plan and its beginning stops it") func aQuarantineThatCameBetween() throws {
    var story = try quarantined()
    try story.head(v(4), new: [release(4)])
    #expect(try story.planned("D", v(4), resembling: image) == [])
  }

  @Test("a person who deploys it lifts all that stands in its way") func aPersonWhoDeploysIt() throws {
    var story = try quarantined()
    try story.head(v(4), new: [release(4)], resembling: image)
    #expect(
      try story.planned("D", v(4), .asked, by: ann, resembling: image) == [
        "+ quarantine.lifted", "+ deployment.started v4", "> carryOut D",
      ])
    #expect(story.state.quarantine.entries.isEmpty && story.state.blocked == nil)
  }

  @Test("a person lifts it, and automation deploys it") func aPersonLiftsIt() throws {
    var story = try quarantined()
    try story.head(v(4), new: [release(4)], resembling: image)
    #expect(
      try story.hear(.asked(.liftQuarantine(digest(2), reason: "the network was to blame"), by: ann)) == [
        "+ quarantine.lifted"
      ])
    #expect(story.state.blocked == nil)
    #expect(try story.hear(.asked(.liftQuarantine(digest(2), reason: "again"), by: ann)) == ["> refuse notFound"])
    #expect(try story.head(v(4)) == ["> plan v4 for mooring, revision"])
  }

  @Test("a failure from long ago keeps nothing out") func aFailureFromLongAgo() throws {
    var story = try quarantined(Policy(rollback: RollbackPolicy(quarantineFor: .seconds(3600))))
    let again = ReleaseReference(number: ReleaseNumber(4), revision: revision(4), digest: digest(2))
    story.now = story.now.advanced(by: .seconds(3599))
    #expect(try story.head(again, new: [release(4, digestOf: 2)]).contains("+ quarantine.blocked"))
    story.now = story.now.advanced(by: .seconds(1))
    #expect(try story.head(again) == ["> plan v4 for mooring, revision"])
    #expect(try story.planned("D", again) == ["+ deployment.started v4", "> carryOut D"])
  }

  @Test("an entry of a journal of before counts by its digest, and for ever") func anEntryOfBefore() throws {
    var story = Story()
    try story.deploy(1)
    try story.record(
      .quarantine(
        QuarantineEntry(
          revision: revision(2), digest: digest(2), number: nil, rollback: identifier("R"), reason: "bad")))
    story.now = story.now.advanced(by: .seconds(1_000_000_000))
    let again = ReleaseReference(number: ReleaseNumber(2), revision: revision(2), digest: digest(2))
    #expect(try story.head(again, new: [release(2)]).contains("+ quarantine.blocked"))
  }
}
