import Foundation
import MooringModel
import Testing

@Suite("The life of a drift") struct DriftTests {
  private static let file = ObjectName(path: "current/app.yaml".utf8)
  private static let other = ObjectName(path: "current/web.yaml".utf8)

  private func difference(_ object: ObjectName = file, _ value: Int = 64) -> Difference {
    Difference(
      object: object, kind: .changed, fields: [FieldChange(.value, "pool.size", old: "32", new: "\(value)")],
      fingerprint: "is \(value)")
  }

  private func look(
    _ found: [Difference], _ scope: LookScope = .everything, by person: Attribution? = nil,
    touched: [ObjectName: Attribution?] = [:], unseen: Set<ObjectName> = []
  ) -> Fact {
    .looked(
      Look(
        scope: scope, baseline: digest(1), found: found.map { Look.Found($0, attribution: person) }, unseen: unseen,
        touched: touched))
  }

  private func deployed(_ policy: DriftPolicy = DriftPolicy()) throws -> Story {
    var story = Story(policy: Policy(drift: policy))
    try story.deploy(1)
    story.events = []
    return story
  }

  private let vim = Attribution(certainty: .certain, login: "ann", user: "root", program: "vim", elevated: true)

  // MARK: Telling

  @Test("is told once, told again when it changes, and ends when it is put back by hand") func isToldOnce() throws {
    var story = try deployed()
    #expect(try story.hear(look([difference()], by: vim)) == ["+ drift.detected", "> alert"])
    let id = try #require(story.state.drifts[Self.file]?.id)
    #expect(try story.hear(look([difference()])) == [])
    #expect(try story.hear(look([difference(Self.file, 128)])) == ["+ drift.changed"])
    #expect(story.state.drifts[Self.file]?.id == id)
    #expect(try story.hear(look([], touched: [Self.file: vim])) == ["+ drift.resolved"])
    #expect(story.state.drifts.isEmpty)
    #expect(
      story.events.last?.payload
        == .driftResolved(DriftResolved([.init(id: id, object: Self.file)], .undone, attribution: vim)))
  }

  @Test("is told again, once, when an API server tells a while later who it was") func isNamedLater() throws {
    var story = try deployed()
    let manager = Attribution(certainty: .likely, program: "kubectl-edit")
    let ann = Attribution(
      certainty: .certain, login: "ann", program: "kubectl edit", request: AttributedRequest(id: "1", verb: "patch"))
    #expect(try story.hear(look([difference()], by: manager)) == ["+ drift.detected", "> alert"])
    let id = try #require(story.state.drifts[Self.file]?.id)
    #expect(try story.hear(look([difference()], by: ann)) == ["+ drift.changed"])
    #expect(story.state.drifts[Self.file]?.attribution == ann && story.state.drifts[Self.file]?.id == id)
    #expect(try story.hear(look([difference()], by: ann)) == [])
    #expect(try story.hear(look([difference()], by: manager)) == [], "what is known stays known")
    #expect(story.state.drifts[Self.file]?.attribution == ann)
  }

  @Test("who did it is read as journals of before have said it") func formerWord() throws {
    let former = #"{"certainty":"probable","login":"ann","arguments":[],"elevated":false}"#
    let by = try JSONDecoder().decode(Attribution.self, from: Data(former.utf8))
    #expect(by == Attribution(certainty: .likely, login: "ann"))
    #expect(try String(decoding: JSONEncoder().encode(by), as: UTF8.self).contains(#""certainty":"likely""#))
  }

  @Test("survives a restart: the state replayed from the events says nothing twice") func survivesARestart() throws {
    var story = try deployed()
    try story.hear(look([difference()]))
    let before = story.state
    var again = Story()
    again.state = EnvironmentState(replaying: [])
    #expect(before.drifts.count == 1)
    var replayed = try deployed()
    for event in story.events { replayed.state.apply(event) }
    #expect(replayed.state.drifts == before.drifts)
    #expect(try replayed.hear(look([difference()])) == [])
  }

  @Test("a look at some objects says nothing of the others, nor one of what it couldn't see") func aLookAtSome() throws
  {
    var story = try deployed()
    try story.hear(look([difference(), difference(Self.other)]))
    #expect(try story.hear(look([], .objects([Self.file]))) == ["+ drift.resolved"])
    #expect(story.state.drifts.keys.map(\.string) == [Self.other.string])
    #expect(try story.hear(look([], unseen: [ObjectName(path: "current".utf8)])) == [])
    #expect(try story.hear(look([])) == ["+ drift.resolved"])
  }

  @Test("of thousands of objects is recorded in batches, and told in one alert") func ofThousands() throws {
    var story = try deployed()
    let many = (0..<1200).map { difference(ObjectName(path: "current/f\($0)".utf8)) }
    #expect(
      try story.hear(look(many)) == ["+ drift.detected", "+ drift.detected", "+ drift.detected", "> alert"])
    #expect(story.state.drifts.count == 1200)
    #expect(try story.hear(look([])) == ["+ drift.resolved", "+ drift.resolved", "+ drift.resolved"])
  }

  @Test("what was written and is as it was is told once an hour") func whatWasTouched() throws {
    var story = try deployed()
    #expect(try story.hear(look([], touched: [Self.file: vim])) == ["+ drift.detected", "+ drift.resolved"])
    #expect(story.state.drifts.isEmpty)
    #expect(try story.hear(look([], touched: [Self.file: nil])) == [])
    story.now = story.now.advanced(by: .seconds(3601))
    #expect(try story.hear(look([], touched: [Self.file: nil])) == ["+ drift.detected", "+ drift.resolved"])
  }

  @Test("a look that was compared with another release says nothing") func anotherBaseline() throws {
    var story = try deployed()
    try story.deploy(2)
    #expect(try story.hear(look([difference()])) == [])
    try story.planned("D", v(3))
    #expect(try story.hear(look([difference()])) == [])
  }

  // MARK: Healing

  @Test("is put back where the policy says so, and the look after it says that it was") func isPutBack() throws {
    var story = try deployed(DriftPolicy(onDetect: .heal))
    #expect(
      try story.hear(look([difference()])) == ["+ drift.detected", "> alert", "> heal current/app.yaml"])
    #expect(try heal(&story, "H1") == ["+ deployment.finished verified", "> look"])
    #expect(try story.hear(look([])) == ["+ drift.resolved"])
    guard case .driftResolved(let resolved)? = story.events.last?.payload else { Issue.record("not resolved"); return }
    #expect(resolved.how == .healed)
    #expect(story.state.deployed?.release == v(1))
  }

  @Test("a heal that fails is no failed release: nothing is rolled back") func aHealThatFails() throws {
    var story = try deployed(DriftPolicy(onDetect: .heal))
    try story.hear(look([difference()]))
    try beginHealing(&story, "H1")
    let said = try story.hear(
      .carriedOut(identifier("H1"), failure: Fault(.target, "changed meanwhile"), live: digest(1)))
    #expect(
      said == ["+ deployment.finished failed", "> look", "> alert", "> refuse target"].map { $0 }
        || said.contains("> look"))
    #expect(!said.contains { $0.contains("revert") || $0.contains("hold") })
    #expect(story.state.failure == nil)
    #expect(try story.hear(look([difference()])) == ["> heal current/app.yaml"] || story.state.drifts.count == 1)
  }

  @Test("nothing is put back under a hold, unless a person says despite it") func notUnderAHold() throws {
    var story = try deployed(DriftPolicy(onDetect: .heal))
    try story.hear(.asked(.hold(reason: "freeze"), by: ann))
    #expect(try story.hear(look([difference()])) == ["+ drift.detected", "> alert"])
    #expect(try story.hear(.asked(.heal(HealRequest(nil, by: ann)), by: ann)) == ["> refuse held"])
    #expect(
      try story.hear(.asked(.heal(HealRequest(nil, by: ann, despiteHold: true)), by: ann)) == ["> heal "])
  }

  @Test("by path: the last rule that matches an object says what is done about it") func byPath() throws {
    let policy = DriftPolicy(
      onDetect: .heal, rules: [.init(pattern: try PathPattern("web.*", at: ""), action: .alert)])
    var story = try deployed(policy)
    #expect(
      try story.hear(look([difference(), difference(Self.other)]))
        == ["+ drift.detected", "> alert", "> heal current/app.yaml"])
  }

  @Test("a heal that keeps being undone is a fight: named, put off, and given up") func aFight() throws {
    var story = try deployed(DriftPolicy(onDetect: .heal))
    var waited: [Duration] = []
    for round in 1...6 {
      let found = look([difference(Self.file, 64 + round)], by: vim)
      var isHealed = try story.hear(found).contains("> heal current/app.yaml")
      let began = story.now
      while !isHealed {
        story.now = story.now.advanced(by: .seconds(10))
        isHealed = try story.hear(found) == ["> heal current/app.yaml"]
      }
      waited.append(story.now - began)
      try heal(&story, "H\(round)")
      try story.hear(look([]))
    }
    #expect(waited == [0, 10, 40, 160, 640, 2560].map { .seconds($0) })
    try story.hear(look([difference()], by: vim))
    let fights = story.events.compactMap { event in
      if case .driftFought(let fought) = event.payload { fought } else { nil }
    }
    #expect(fights.map(\.heals) == [2, 3, 4, 5, 6])
    #expect(fights.allSatisfy { $0.attribution == vim })
    #expect(fights.last?.next == nil)
    #expect(try story.hear(look([difference()], by: vim)) == [])
    story.now = story.now.advanced(by: .seconds(3600))
    #expect(try story.hear(look([difference()], by: vim)) == ["> heal current/app.yaml"])
  }

  @Test("a heal that was under way when the program stopped is taken up") func isTakenUp() throws {
    var story = try deployed()
    try story.hear(look([difference()]))
    try beginHealing(&story, "H1", by: ann)
    #expect(try story.hear(.takenUp) == ["> heal current/app.yaml, resuming H1"])
  }

  @Test("of a heal of one field, that field alone is taken up") func aFieldIsTakenUp() throws {
    var story = try deployed()
    try story.hear(look([difference()]))
    let part = Restoration.Part(fields: ["pool.size"], bytes: [], content: digest(1))
    let plan = Plan(
      from: digest(1), to: digest(1), changes: [],
      steps: [.restore([Restoration(object: Self.file, seen: nil, part: part)])], overwrites: true)
    try story.hear(
      .planned(
        PlannedDeployment(id: identifier("H1"), release: v(1), trigger: .heal, initiator: ann, plan: plan)))
    #expect(story.state.inFlight?.started.fields == [Self.file: ["pool.size"]])
    let decision = decide(story.state, .takenUp, under: story.policy, as: "here", at: story.now)
    guard case .heal(let request)? = decision.effects.first else { Issue.record("\(decision.effects)"); return }
    #expect(request.fields == [Self.file: ["pool.size"]])
  }

  // MARK: Ways out

  @Test("is left alone until a time, and is news after it") func isIgnored() throws {
    var story = try deployed()
    try story.hear(look([difference()]))
    let until = story.now.advanced(by: .seconds(60))
    let ignored = DriftIgnored(object: Self.file, field: nil, until: until, reason: nil)
    #expect(try story.hear(.asked(.ignore(ignored), by: ann)) == ["+ drift.ignored", "+ drift.resolved"])
    #expect(story.state.ignores.count == 1)
    #expect(story.state.ignores[0].isInForce(at: story.now))
    #expect(!story.state.ignores[0].isInForce(at: until))
    story.now = until
    #expect(try story.hear(look([difference()])) == ["+ drift.detected", "> alert"])
  }

  @Test("is judged again when a person says so") func isJudgedAgain() throws {
    var story = try deployed()
    try story.hear(.asked(.ignore(DriftIgnored(object: Self.file, field: "a", until: nil, reason: nil)), by: ann))
    #expect(story.state.ignores.count == 1)
    let end = DriftIgnored(object: Self.file, field: "a", until: Timestamp(milliseconds: 0), reason: nil)
    try story.hear(.asked(.ignore(end), by: ann))
    #expect(story.state.ignores.isEmpty)
  }

  @Test("what is adopted is no news until it is deployed, unless it changes again") func isAdopted() throws {
    var story = try deployed()
    try story.hear(look([difference()]))
    let made = AdoptionMade(
      request: AdoptRequest(nil, by: ann), commit: revision(2), branch: "main", objects: [Self.file])
    #expect(try story.hear(.adopted(made)) == ["+ adopted", "+ drift.resolved", "> readHead"])
    #expect(try story.hear(look([difference()])) == [])
    #expect(story.state.openDrifts.isEmpty)
    #expect(try story.hear(look([difference(Self.file, 99)])) == ["+ drift.detected", "> alert"])
  }

  @Test("what a deployment went over is gone with it") func isDeployed() throws {
    var story = try deployed()
    try story.hear(look([difference()]))
    #expect(try story.deploy(2).contains("> look"))
    let after = Look(scope: .everything, baseline: digest(2), found: [])
    #expect(try story.hear(.looked(after)) == ["+ drift.resolved"])
    guard case .driftResolved(let resolved)? = story.events.last?.payload else { Issue.record("not resolved"); return }
    #expect(resolved.how == .deployed)
  }

  @Test("a deployment that it stopped is tried again as soon as it is settled") func standsInTheWay() throws {
    var story = try deployed()
    try story.hear(look([difference()]))
    try story.record(.release(release(2)))
    try story.planned("D2", v(2))
    try story.hear(.carriedOut(identifier("D2"), failure: Fault(.target, "changed by hand"), live: digest(1)))
    #expect(try story.head(v(2)) == [], "not yet: it would stop again")
    try story.hear(look([]))
    #expect(try story.head(v(2)).contains { $0.hasPrefix("> plan") })
    try story.planned("D3", v(2))
    try story.hear(.carriedOut(identifier("D3"), failure: Fault(.target, "the disk is full"), live: digest(1)))
    #expect(try story.head(v(2)) == [], "another failure waits for its time")
  }

  // MARK: In short

  private func beginHealing(_ story: inout Story, _ id: String, by initiator: Initiator = .watcher) throws {
    let plan = Plan(
      from: digest(1), to: digest(1), changes: [],
      steps: [.restore([Restoration(object: Self.file, seen: nil)]), .reload(digest(1))], overwrites: true)
    let said = try story.hear(
      .planned(
        PlannedDeployment(id: identifier(id), release: v(1), trigger: .heal, initiator: initiator, plan: plan)))
    #expect(said == ["+ deployment.started v1", "> carryOut \(id)"])
  }

  @discardableResult
  private func heal(_ story: inout Story, _ id: String) throws -> [String] {
    try beginHealing(&story, id)
    try story.hear(.carriedOut(identifier(id), failure: nil, live: digest(1)))
    return try story.gates(id, pass: true).filter { $0 != "+ gate" }
  }
}

@Suite("The name of an object") struct ObjectNameTests {
  @Test(
    "is one line, and keeps its bytes",
    arguments: [
      Array("current/app.yaml".utf8), Array("a\nb".utf8), Array("é/ü".utf8), [0xFF, 0x2F, 0x41], Array("a\\x41".utf8),
      Array("a\u{202E}b".utf8), [0x5C], Array("\u{1B}[31m".utf8),
    ])
  func isOneLine(bytes: [UInt8]) {
    let name = ObjectName(path: bytes)
    #expect(name.bytes == bytes)
    #expect(name.string.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 && $0.value != 0x202E })
    #expect(ObjectName(written: name.string) == name)
  }

  @Test("lies inside another by whole components") func liesInside() {
    let folder = ObjectName(path: "current/a".utf8)
    #expect(ObjectName(path: "current/a/b".utf8).isInside(folder))
    #expect(!ObjectName(path: "current/ab".utf8).isInside(folder))
    #expect(folder.isInside(folder))
  }
}
