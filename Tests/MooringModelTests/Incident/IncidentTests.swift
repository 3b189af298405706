import MooringModel
import Testing

@Suite("The report of a rollback") struct IncidentTests {
  private static func second(_ second: Int) -> Timestamp { morning.advanced(by: .seconds(second)) }

  /// v1 runs, v2 fails its gates and is rolled back automatically after 40 seconds.
  private func story() throws -> Story {
    var story = Story()
    try story.deploy(1)
    story.now = Self.second(60)
    try story.record(.release(release(2)))
    try story.planned("deployment-2", v(2), .revision)
    try story.hear(.carriedOut(identifier("deployment-2"), failure: nil, live: digest(2)))
    story.now = Self.second(100)
    try story.gates("deployment-2", pass: false)
    try story.reverted(to: 1)
    try story.pushed(to: 1)
    story.now = Self.second(102)
    try story.restored(to: 1)
    return story
  }

  private func incident(_ story: Story, _ id: String? = nil) throws -> Incident {
    try Incident(id, in: story.events, of: EnvironmentName("production"), standing: story.state) { $0.payload.words }
  }

  @Test func saysHowLongItTookToDetectAndToRestore() throws {
    let incident = try incident(story())
    #expect(incident.timeToDetect == .seconds(40) && incident.timeToRestore == .seconds(2))
    #expect(incident.automatic && incident.outcome == "verified" && incident.pushed == true)
    #expect(incident.detectedBy.contains("gate"), "\(incident.detectedBy)")
    #expect(incident.title == "production rolled back from v2 to v1")
  }

  @Test func tellsFromTheBadReleaseToTheEnd() throws {
    let kinds = try incident(story()).timeline.map(\.kind)
    #expect(kinds.first == "release" && kinds.last == "rollback.finished", "\(kinds)")
    #expect(kinds.filter { $0 == "deployment.started" }.count == 2)
    #expect(kinds.contains("gate") && kinds.contains("quarantine") && kinds.contains("revert.pushed"))
  }

  @Test func growsWithNotesAndTheVerdictAndNothingElse() throws {
    var story = try story()
    let before = try incident(story).timeline.count
    let unjudged = try #require(story.state.unjudged)
    try story.hear(.asked(.verdict(VerdictGiven(on: unjudged, by: [], VerdictPolicy())), by: .watcher))
    try story.hear(.asked(.note("the pool was too small", incident: identifier("rollback-1")), by: ann))
    try story.hear(.asked(.note("about something else"), by: ann))
    let incident = try incident(story)
    #expect(incident.timeline.count == before + 2)
    #expect(incident.notes.map(\.text) == ["the pool was too small"] && incident.people == ["ann"])
    #expect(incident.verdict?.verdict == .notEnoughData)
    #expect(incident.followUps.contains { $0.hasPrefix("Nothing that is measured says") })
    #expect(incident.followUps.contains { $0.hasPrefix("v2 is in quarantine") })
  }

  @Test func isFoundByItsIdentifierOrTheEndOfIt() throws {
    let story = try story()
    let id = try incident(story).id
    #expect(try incident(story, id).id == id)
    #expect(try incident(story, String(id.suffix(6))).id == id)
    #expect(throws: Fault.self) { try incident(story, "nothing") }
    #expect(throws: Fault.self) { try incident(Story()) }
  }

  @Test func isADocumentInWhichNothingOfOthersIsObeyed() throws {
    var story = try story()
    let text = "<script>x</script> | [a](b)\n# not a heading"
    try story.hear(.asked(.note(text, incident: identifier("rollback-1")), by: ann))
    let change = IncidentDocument.Change(place: "app.yaml a|b", old: "`32`", new: "64", isSecret: false)
    let secret = IncidentDocument.Change(place: "app.yaml db.password", old: nil, new: nil, isSecret: true)
    let document = IncidentDocument(try incident(story), changes: [change, secret]).text
    #expect(!document.contains("<script>") && !document.contains("\n# not a heading"))
    #expect(
      document.contains("| Time to detect | 40.0 s |") && document.contains("| Time to restore | 2.0 s |"),
      "\(document)")
    #expect(document.contains("(secret)") && document.contains("## Open follow-ups"))
    for line in document.split(separator: "\n") where line.hasPrefix("|") { #expect(line.hasSuffix("|"), "\(line)") }
  }
}
