import MooringModel
import Testing

/// Changes by hand in the simulated world: a handful of objects, each with a number instead of a content.
extension SimulatedWorld {
  static let objects = (0..<4).map { ObjectName(path: "current/f\($0)".utf8) }

  mutating func changeByHand() {
    guard let object = Self.objects.randomElement(using: &random) else { return }
    changes += 1
    hands[object] = random.chance(25) ? nil : changes
  }

  mutating func askedAboutDrift() -> Fact {
    let object = Self.objects[Int.random(in: 0..<Self.objects.count, using: &random)]
    let parts: Set<ObjectName>? = random.chance(50) ? nil : [object]
    switch Int.random(in: 0..<5, using: &random) {
    case 0, 1:
      return .asked(.heal(HealRequest(parts, by: ann, despiteHold: random.chance(50))), by: ann)
    case 2, 3:
      return .asked(.adopt(AdoptRequest(parts?.map { .init(object: $0) }, by: ann)), by: ann)
    default:
      let until = now.advanced(by: .seconds(Int.random(in: -10..<200, using: &random)))
      return .asked(.ignore(DriftIgnored(object: object, field: nil, until: until, reason: nil)), by: ann)
    }
  }

  // MARK: Effects

  func isIgnored(_ object: ObjectName) -> Bool {
    state.ignores.contains { $0.isInForce(at: now) && $0.ignored.object == object }
  }

  /// As the program looks: not while a deployment is under way.
  mutating func look(_ request: LookRequest) -> Look? {
    state.inFlight == nil ? survey(request) : nil
  }

  private mutating func survey(_ request: LookRequest) -> Look? {
    guard let deployed = state.deployed else { return nil }
    let unseen = isCalm || !random.chance(5) ? nil : Self.objects.randomElement(using: &random)
    let found = hands.filter { object, _ in
      request.scope.contains(object) && object != unseen && !isIgnored(object)
    }.sorted { $0.key < $1.key }
    return Look(
      scope: request.scope, baseline: deployed.release.digest,
      found: found.map { object, value in
        Look.Found(
          Difference(
            object: object, kind: .changed, fields: [FieldChange(.value, "a", old: "0", new: "\(value)")],
            fingerprint: Self.fingerprint(value)))
      }, unseen: unseen.map { [$0] } ?? [])
  }

  static func fingerprint(_ value: Int) -> String { "is \(value)" }

  mutating func heal(_ request: HealRequest) -> [Fact] {
    guard let release = state.inFlight?.started.release ?? state.deployed?.release,
      let look = survey(LookRequest(request.objects.map { .objects($0) } ?? .everything))
    else { return [] }
    let restorations = look.found.map(\.difference).filter {
      request.resuming == nil || state.drifts[$0.object]?.fingerprint == $0.fingerprint
    }.map { difference in
      Restoration(
        object: difference.object, seen: hands[difference.object].map { LiveObject(kind: .file, size: $0) })
    }
    if restorations.isEmpty, request.resuming == nil { return [.looked(look)] }
    let plan = Plan(
      from: release.digest, to: release.digest, changes: [],
      steps: [.restore(restorations), .reload(release.digest)], overwrites: true)
    let planned = PlannedDeployment(
      id: request.resuming ?? name(), release: release, trigger: .heal, initiator: request.initiator, plan: plan,
      resumes: request.resuming != nil)
    return request.resuming == nil ? [.recorded(look), .planned(planned)] : [.planned(planned)]
  }

  /// Puts back what is as it was seen; a change that came later stays.
  mutating func putBack(_ id: Identifier, _ restorations: [Restoration], _ live: ReleaseDigest) -> Fact {
    var failure: Fault?
    for restoration in restorations {
      guard let value = restoration.seen?.size, hands[restoration.object] == value else {
        failure = Fault(.target, "changed meanwhile", at: restoration.object.string)
        continue
      }
      if !isCalm, random.chance(8) { return .carriedOut(id, failure: Fault(.target, "disk full"), live: live) }
      rules.drift.checkHeal(of: restoration.object, Self.fingerprint(value), in: state)
      hands[restoration.object] = nil
    }
    return .carriedOut(id, failure: failure, live: live)
  }

  mutating func adopt(_ request: AdoptRequest) -> [Fact] {
    guard state.inFlight == nil, isCalm || !random.chance(20),
      let look = survey(LookRequest(request.parts.map { .objects(Set($0.map(\.object))) } ?? .everything)),
      !look.found.isEmpty
    else { return [] }
    let made = AdoptionMade(
      request: request, commit: revision(200), branch: "main", objects: look.found.map(\.difference.object))
    return [.recorded(look), .adopted(made)]
  }
}

extension LookScope {
  fileprivate func contains(_ object: ObjectName) -> Bool {
    switch self {
    case .everything: true
    case .objects(let objects): objects.contains { object.isInside($0) }
    }
  }
}

extension Plan {
  var restorations: [Restoration]? {
    for step in steps { if case .restore(let restorations) = step { return restorations } }
    return nil
  }
}
