import Kubernetes
import MooringModel
import MooringTestSupport
import Synchronization
import Testing

@testable import KubernetesTarget

/// What is kept of what API servers tell, and who is woken by it.
@Suite struct AuditTrailTests {
  private static let web = AuditKey(group: "apps", resource: "deployments", namespace: "rec", name: "web")
  private let object = ObjectName(written: "deployment/rec/web")
  private let environment: EnvironmentName

  init() throws { environment = try EnvironmentName("production") }

  private func ask(
    _ trail: AuditTrail, _ key: AuditKey = web, since: Timestamp? = Writes.start,
    answering answer: Attribution? = nil
  ) -> (writes: [RecordedWrite], isComplete: Bool) {
    var seen: (writes: [RecordedWrite], isComplete: Bool) = ([], false)
    _ = trail.author(of: key, object, in: environment, since: since) { writes, isComplete in
      seen = (writes, isComplete)
      return answer
    }
    return seen
  }

  /// Servers tell of a request of ours that is made at a time.
  private func prove(_ trail: AuditTrail, at second: Double) throws {
    _ = trail.expect(["mooring.hearing-\(second)"], at: Writes.time(second))
    try hear(trail, ["mooring.hearing-\(second)"], at: second)
  }

  private func hear(_ trail: AuditTrail, _ names: [String], at second: Double) throws {
    let events = try names.map { name in
      try Writes.event(
        RecordedAudit.delete.replacing("\"userAgent\":\"kubectl/", with: "\"userAgent\":\"mooring/")
          .replacing("\"name\":\"m\"", with: "\"name\":\"\(name)\"").replacing("\"code\":200", with: "\"code\":404"),
        at: second, id: name)
    }
    trail.take(events, at: Writes.time(second))
  }

  @Test func onlyWhereServersTellOfOurOwnRequestsIsItKnownToBeAll() throws {
    let trail = AuditTrail()
    trail.open(at: Writes.time(-100))
    #expect(ask(trail).isComplete == false, "nothing was told of yet")
    _ = trail.expect(["a", "b"], at: Writes.time(-90))
    try hear(trail, ["a"], at: -89)
    #expect(ask(trail).isComplete == false, "one server tells, and another doesn't")
    try hear(trail, ["b"], at: -88)
    #expect(ask(trail).isComplete && trail.isProven)
    #expect(ask(trail, since: Writes.time(-95)).isComplete == false, "who knows what was told then")
    // What didn't reach a server isn't waited for, and proves nothing.
    #expect(!trail.expect(["c"], at: Writes.time(-80)))
    trail.withdraw("c")
    #expect(!trail.expect(["d"], at: Writes.time(-10)))
    #expect(trail.expect(["e"], at: Writes.time(60)), "d wasn't told of")
    #expect(!ask(trail, since: Writes.time(-50)).isComplete && !trail.isProven)
    try hear(trail, ["d", "e"], at: 61)
    #expect(ask(trail, since: Writes.time(60)).isComplete)
    #expect(!ask(trail, since: Writes.time(59)).isComplete)
  }

  @Test func whatCameSinceIsToldAndWhetherItIsAll() throws {
    let trail = AuditTrail()
    #expect(ask(trail).isComplete == false, "nobody listens")
    trail.open(at: Writes.time(-10))
    try prove(trail, at: -10)
    trail.take([try Writes.event(RecordedAudit.edit, at: -1)], at: Writes.time(-1))
    trail.take([try Writes.event(RecordedAudit.scale, at: 1)], at: Writes.time(1))
    let seen = ask(trail)
    #expect(seen.writes.map(\.isScale) == [true] && seen.isComplete)
    #expect(ask(trail, since: Writes.time(-20)).isComplete == false)
    let unknown = ask(trail, since: nil)
    #expect(unknown.writes.count == 2 && !unknown.isComplete)
  }

  @Test func whatWasMissedIsRemembered() throws {
    let trail = AuditTrail()
    trail.open(at: Writes.time(-10))
    try prove(trail, at: -10)
    trail.miss(at: Writes.time(5))
    #expect(ask(trail).isComplete == false)
    #expect(ask(trail, since: Writes.time(6)).isComplete)
  }

  @Test func anEventThatIsSentTwiceIsOne() throws {
    let trail = AuditTrail()
    trail.open(at: Writes.start)
    let event = try Writes.event(RecordedAudit.edit)
    trail.take([event, event], at: Writes.time(1))
    trail.take([event], at: Writes.time(2))
    #expect(ask(trail).writes.count == 1)
  }

  @Test func theDeletionOfAllIsOneOfEach() throws {
    let trail = AuditTrail()
    trail.open(at: Writes.start)
    trail.take([try Writes.event(RecordedAudit.deleteCollection)], at: Writes.time(1))
    let map = AuditKey(group: "", resource: "configmaps", namespace: "rec", name: "m")
    #expect(ask(trail, map).writes.map(\.isDeletion) == [true])
    #expect(ask(trail).writes.isEmpty)
  }

  @Test func itIsBoundedByNumberAndByTime() throws {
    let trail = AuditTrail()
    trail.open(at: Writes.start)
    try prove(trail, at: 0)
    let events = try (0..<100).map { try Writes.event(RecordedAudit.edit, at: Double($0), id: "\($0)") }
    for round in 0...(AuditTrail.mostWrites / 100) {
      let batch = try (0..<100).map {
        try Writes.event(RecordedAudit.edit, at: Double($0), id: "\(round) \($0)")
      }
      trail.take(round == 0 ? events : batch, at: Writes.time(Double(round)))
    }
    let full = ask(trail)
    #expect(full.writes.count == AuditTrail.mostWrites && !full.isComplete, "the oldest are forgotten")
    #expect(ask(trail, since: Writes.time(1.5)).isComplete)
    trail.take([], at: Writes.time(5000))
    #expect(ask(trail).writes.isEmpty)
  }

  @Test func whoWaitsForAnAuthorIsWokenAndNobodyElse() throws {
    let trail = AuditTrail()
    trail.open(at: Writes.start)
    let woken = Mutex<[String]>([])
    let id = trail.listen(for: environment) { news in
      if case .author(let object) = news { woken.withLock { $0.append(object.string) } }
    }
    trail.take([try Writes.event(RecordedAudit.edit, at: 1)], at: Writes.time(1))
    #expect(woken.withLock { $0 } == [], "nobody has asked yet")
    _ = ask(trail)
    trail.take([try Writes.event(RecordedAudit.edit, at: 2)], at: Writes.time(2))
    #expect(woken.withLock { $0 } == ["deployment/rec/web"])
    // Whoever is content isn't woken again.
    _ = ask(trail, answering: Attribution(certainty: .certain))
    trail.take([try Writes.event(RecordedAudit.edit, at: 3)], at: Writes.time(3))
    #expect(woken.withLock { $0 }.count == 1)
    _ = ask(trail)
    trail.leave(environment, id)
    trail.take([try Writes.event(RecordedAudit.edit, at: 4)], at: Writes.time(4))
    #expect(woken.withLock { $0 }.count == 1)
  }

  @Test func whoGoesIntoAContainerIsToldOfOnce() throws {
    let trail = AuditTrail()
    trail.open(at: Writes.start)
    let entered = Mutex<[ContainerEntry]>([])
    _ = trail.listen(for: environment) { news in
      if case .entry(let entry) = news { entered.withLock { $0.append(entry) } }
    }
    let exec = RecordedAudit.exec.replacing("\"code\":500", with: "\"code\":101")
    let began = exec.replacing("ResponseComplete", with: "ResponseStarted")
    for text in [RecordedAudit.exec, began, exec, exec] {
      trail.take([try Writes.event(text, id: text == RecordedAudit.exec ? "refused" : "1")], at: Writes.time(1))
    }
    let entry = try #require(entered.withLock { $0 }.first)
    #expect(entered.withLock { $0 }.count == 1, "what was refused is none, and its end no second")
    #expect(entry.by.description == "ann (kubectl exec)" && entry.by.certainty == .certain)
    #expect(entry.object.string == "pod/rec/web-747dd596b9-d5244")
    func workload(_ kind: String, _ name: String, _ namespace: String = "rec") -> Set<Identity> {
      let gvk = GroupVersionKind(apiVersion: "apps/v1", kind: kind)
      return [Identity(ObjectReference(gvk, namespace: namespace, name: name))]
    }
    #expect(entry.isOf(workload("Deployment", "web")))
    #expect(!entry.isOf(workload("Deployment", "we")) && !entry.isOf(workload("ConfigMap", "web")))
    #expect(!entry.isOf(workload("Deployment", "web", "other")))
    #expect(entry.isOf(workload("Pod", "web-747dd596b9-d5244")) && !entry.isOf(workload("Pod", "web")))
  }
}
