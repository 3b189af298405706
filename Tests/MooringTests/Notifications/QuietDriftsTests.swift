import MooringModel
import Testing

@testable import Mooring

/// How many messages a channel gets of what happens to a few objects, or to many.
@Suite struct QuietDriftsTests {
  private static let quiet = Duration.seconds(600)
  private let start = Timestamp(milliseconds: 1_800_000_000_000)
  private let file = ObjectName(path: "current/app.yaml".utf8)

  private func at(_ seconds: Int) -> Timestamp { start.advanced(by: .seconds(seconds)) }

  private func named(_ id: String) -> Identifier { Identifier(id) ?? Identifier(at: start) }

  private func event(_ payload: Event.Payload, at seconds: Int = 0, by initiator: Initiator = .watcher) throws -> Event
  {
    Event(
      id: Identifier(at: at(seconds)), time: at(seconds), initiator: initiator, source: "here",
      environment: try EnvironmentName("production"), payload: payload)
  }

  private func drift(
    _ id: String = "A", _ object: ObjectName? = nil, of field: String = "size", to value: Int = 64
  ) -> Drift {
    let difference = Difference(
      object: object ?? file, kind: .changed, fields: [FieldChange(.value, field, old: "32", new: "\(value)")],
      fingerprint: "\(value)")
    return Drift(id: named(id), difference: difference)
  }

  private func channel(_ on: Set<Notification.Kind>) -> NotificationChannel {
    NotificationChannel(name: "test", .command(["true"]), on: on, quiet: Self.quiet)
  }

  /// One round of a fight: changed, and put back.
  private func round(
    _ number: Int, at seconds: Int, of field: String = "size", healedBy initiator: Initiator = .watcher
  ) throws -> [Event] {
    let id = "D\(number)"
    let digest = try #require(ContentID(hex: String(repeating: "1", count: 40)))
    let release = ReleaseReference(number: ReleaseNumber(1), revision: digest, digest: digest)
    let heal = DeploymentStarted(
      deployment: named("H\(number)"), trigger: .heal, release: release,
      plan: Plan(from: digest, to: digest, changes: [], steps: []), drifts: [named(id)])
    return [
      try event(.driftDetected(DriftDetected([drift(id, of: field, to: number)], release: nil)), at: seconds),
      try event(.deploymentStarted(heal), at: seconds, by: initiator),
      try event(
        .driftResolved(DriftResolved([.init(id: named(id), object: file)], .healed)), at: seconds + 1),
    ]
  }

  /// A record that is told of these.
  private func told(_ rounds: [[Event]], _ record: inout NotificationRecord) -> [String] {
    let drifts = channel([.drift])
    return rounds.joined().compactMap { record.tell($0, to: drifts, at: $0.time)?.event }
  }

  @Test("a change of something else, or after a person's heal, is news") func isNews() throws {
    var record = NotificationRecord()
    let person = Initiator(kind: .person, name: "ann", door: .command)
    let both = ["drift.detected", "drift.resolved"]
    #expect(told([try round(1, at: 0), try round(2, at: 10, of: "other")], &record) == both + both)
    record = NotificationRecord()
    #expect(told([try round(1, at: 0, healedBy: person), try round(2, at: 10)], &record) == both + both)
  }

  @Test("that it is known now who it was is told at once, and further changes aren't") func isNamed() throws {
    var record = NotificationRecord()
    var drift = drift()
    drift.attribution = Attribution(certainty: .likely, program: "kubectl-edit")
    let detected = try event(.driftDetected(DriftDetected([drift], release: nil)))
    drift.attribution = Attribution(certainty: .certain, login: "ann", program: "kubectl edit")
    let named = try event(.driftChanged(DriftChanged([drift])), at: 1)
    let again = try event(.driftChanged(DriftChanged([drift])), at: 2)
    #expect(told([[detected, named, again]], &record) == ["drift.detected", "drift.changed"])
  }

  @Test("what is healed and changed again and again is told at once the first time, and then together")
  func fight() throws {
    var record = NotificationRecord()
    let drifts = channel([.drift])
    func told(_ number: Int, at seconds: Int) throws -> [String] {
      try round(number, at: seconds).compactMap { record.tell($0, to: drifts, at: $0.time)?.event }
    }
    #expect(try told(1, at: 0) == ["drift.detected", "drift.resolved"])
    #expect(try told(2, at: 10) == [])
    #expect(try told(3, at: 60) == [])
    #expect(record.quiet.due(at: at(599), quiet: Self.quiet, of: try EnvironmentName("production")) == nil)
    let summary = try #require(
      record.quiet.due(at: at(600), quiet: Self.quiet, of: try EnvironmentName("production")))
    #expect(summary.repeats == 2)
    #expect(summary.title.contains("changed 2 times more") && summary.title.contains("size: 32 → 3"), "\(summary)")
    record.quiet.settle(at: at(600), quiet: Self.quiet)
    #expect(try told(4, at: 700) == [], "it goes on, and so does the quiet")
    record.quiet.settle(at: at(1200), quiet: Self.quiet)
    #expect(record.quiet.next == nil)
    #expect(try told(5, at: 9000) == ["drift.detected", "drift.resolved"], "much later it is news")
    #expect(record.quiet.healed.count == 1 && record.quiet.entries.count == 1, "nothing else is kept")
  }

  @Test("another end than a heal is told, also where the beginning was held back") func anotherEnd() throws {
    var record = NotificationRecord()
    let drifts = channel([.drift])
    for one in try round(1, at: 0) { _ = record.tell(one, to: drifts, at: one.time) }
    let again = try event(.driftDetected(DriftDetected([drift("D2")], release: nil)), at: 10)
    #expect(record.tell(again, to: drifts, at: again.time) == nil)
    let adopted = DriftResolved([.init(id: named("D2"), object: file)], .adopted)
    #expect(record.tell(try event(.driftResolved(adopted)), to: drifts, at: at(20))?.event == "drift.resolved")
    #expect(record.quiet.next == nil)
  }

  @Test("a channel that isn't told of drift gets no summary of it either") func withoutDrift() throws {
    var record = NotificationRecord()
    let failures = channel([.failure])
    let events = [
      try event(.driftDetected(DriftDetected([drift()], release: nil))),
      try event(.driftChanged(DriftChanged([drift(to: 65)])), at: 1),
    ]
    for one in events { #expect(record.tell(one, to: failures, at: one.time) == nil) }
    #expect(record.quiet.next == nil)
  }

  @Test("a fight is told with the drift that it is about") func fought() throws {
    var record = NotificationRecord()
    let fought = DriftFought(object: file, drift: named("D2"), attribution: nil, heals: 2, next: nil)
    let told = record.tell(try event(.driftFought(fought)), to: channel([.drift]), at: start)
    #expect(told?.about == ["D2"] && told?.severity == .critical)
  }

  // MARK: Many at once

  private func detected(_ range: Range<Int>, unattended: Window? = nil) throws -> Event {
    let drifts = range.map { drift("M\($0)", ObjectName(path: "current/f\($0)".utf8)) }
    return try event(.driftDetected(DriftDetected(drifts, unattended: unattended, release: nil)))
  }

  @Test("what one look found is one message, in however many events it is kept") func inParts() throws {
    let joined = try #require(detected(0..<500).joined(with: detected(500..<700)))
    guard case .driftDetected(let all) = joined.payload else { Issue.record("\(joined)"); return }
    #expect(all.drifts.count == 700)
    var record = NotificationRecord()
    let notification = record.tell(joined, to: channel([.drift]), at: start)
    let told = try #require(notification)
    #expect(told.title.contains("700 objects"), "\(told.title)")
    #expect(told.details.count == Notification.mostDetails && told.more == 690)
  }

  @Test("what has nothing to do with each other stays apart") func apart() throws {
    let window = Window(since: at(-1000), until: start)
    #expect(try detected(0..<1).joined(with: detected(1..<2, unattended: window)) == nil)
    let touched = Drift(
      id: named("T"), difference: Difference(object: file, kind: .touched, changesValues: false, fingerprint: ""))
    let touch = try event(.driftDetected(DriftDetected([touched], release: nil)))
    #expect(try detected(0..<1).joined(with: touch) == nil)
    let ended = [DriftResolved.How.healed, .undone].map { DriftResolved([.init(id: named("A"), object: file)], $0) }
    #expect(try event(.driftResolved(ended[0])).joined(with: event(.driftResolved(ended[1]))) == nil)
    #expect(try event(.driftResolved(ended[0])).joined(with: event(.driftResolved(ended[0]))) != nil)
  }
}
