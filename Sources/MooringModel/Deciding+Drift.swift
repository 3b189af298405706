extension Deciding {
  /// Production was looked at: record it; then tell, and heal.
  mutating func looked(_ look: Look) {
    guard let new = record(look) else { return }
    fight(over: new)
    heal(among: look.found.map(\.difference.object))
  }

  /// Records what is new, what changed, and what is as it should be again.
  ///
  /// - Returns: What is new; `nil` where the look says nothing about what is deployed now.
  mutating func record(_ look: Look) -> [Drift]? {
    guard state.inFlight == nil, state.deployed?.release.digest == look.baseline else { return nil }
    var (new, changed): ([Drift], [Drift]) = ([], [])
    for found in look.found {
      let known = state.drifts[found.difference.object]
      guard let known, known.isOpen || known.fingerprint == found.difference.fingerprint else {
        new.append(Drift(id: Identifier(at: now), found))
        continue
      }
      if known.fingerprint != found.difference.fingerprint || known.isNamed(by: found.attribution) {
        changed.append(Drift(id: known.id, found))
      }
    }
    let gone = self.gone(after: look)
    for batch in new.inEvents {
      record(.driftDetected(DriftDetected(batch, unattended: look.unattended, release: state.deployed?.release)))
    }
    for batch in changed.inEvents {
      record(.driftChanged(DriftChanged(batch, unattended: look.unattended)))
    }
    pass(look)
    resolve(gone, look)
    tell(new)
    return new
  }

  // MARK: What ended

  private func gone(after look: Look) -> [(object: ObjectName, drift: OpenDrift)] {
    let found = Set(look.found.map(\.difference.object))
    return state.openDrifts.filter { !found.contains($0.object) && look.saw($0.object) }
  }

  private mutating func resolve(_ gone: [(object: ObjectName, drift: OpenDrift)], _ look: Look) {
    var ended: [DriftResolved.How: [DriftResolved.Item]] = [:]
    for (object, drift) in gone {
      let item = DriftResolved.Item(id: drift.id, object: object)
      let how = isIgnored(object) ? .ignored : drift.end(at: now)
      if how == .undone, let by = look.touched[object] ?? nil {
        record(.driftResolved(DriftResolved([item], .undone, attribution: by)))
      } else {
        ended[how, default: []].append(item)
      }
    }
    for how in [DriftResolved.How.healed, .deployed, .ignored, .undone] {
      for batch in (ended[how] ?? []).batches(of: DriftDetected.batch) {
        record(.driftResolved(DriftResolved(batch, how)))
      }
    }
  }

  private func isIgnored(_ object: ObjectName) -> Bool {
    state.ignores.contains { $0.isInForce(at: now) && object.isInside($0.ignored.object) }
  }

  /// What was changed and put back, or written as it was, before anybody could look: it is told once an hour.
  private mutating func pass(_ look: Look) {
    let known = Set(look.found.map(\.difference.object))
    let touched = look.touched.filter { object, _ in
      !known.contains(object) && state.drifts[object] == nil && look.saw(object)
        && state.lastTouched[object].map { now - $0 >= EnvironmentState.touchMemory } ?? true
    }
    let drifts = touched.sorted { $0.key < $1.key }.map { object, by in
      Drift(
        id: Identifier(at: now),
        difference: Difference(object: object, kind: .touched, changesValues: false, fingerprint: ""), attribution: by,
        changed: by?.at)
    }
    for batch in drifts.inEvents {
      record(.driftDetected(DriftDetected(batch, release: state.deployed?.release)))
      record(.driftResolved(DriftResolved(batch.map { .init(id: $0.id, object: $0.object) }, .undone)))
    }
  }

  // MARK: What follows

  private mutating func tell(_ new: [Drift]) {
    guard let first = new.first else { return }
    let more = new.count == 1 ? "" : ", and \(new.count - 1) more"
    perform(
      .alert(
        "drift: \(first.object) \(first.difference.summary) by \(first.attribution?.description ?? "somebody")\(more)"))
  }

  /// Who changes again and again what was healed is named.
  private mutating func fight(over new: [Drift]) {
    for drift in new where policy.drift.action(for: drift.object) == .heal {
      guard let heals = state.heals[drift.object], heals.isRecent(at: now), heals.count > 1 else { continue }
      record(
        .driftFought(
          DriftFought(
            object: drift.object, drift: drift.id, attribution: drift.attribution, heals: heals.count, next: heals.next)
        ))
    }
  }

  private mutating func heal(among objects: [ObjectName]) {
    guard !state.isHeld, state.rollback == nil, state.drill == nil else { return }
    let due = objects.filter { object in
      guard let drift = state.drifts[object], drift.isOpen, policy.drift.action(for: object) == .heal else {
        return false
      }
      guard let heals = state.heals[object], heals.isRecent(at: now) else { return true }
      return heals.next.map { $0 <= now } ?? false
    }
    if !due.isEmpty { perform(.heal(HealRequest(Set(due), by: .watcher))) }
  }

  /// A heal begins where nothing else is under way, and automation may still want it.
  mutating func beginHealing(_ planned: PlannedDeployment) {
    guard planned.initiator.kind == .person || (!state.isHeld && state.rollback == nil) else { return }
    let drifts = planned.plan.restored.compactMap { state.drifts[$0]?.id }
    guard !drifts.isEmpty else { return }
    record(
      .deploymentStarted(
        DeploymentStarted(
          deployment: planned.id, trigger: .heal, release: planned.release, plan: planned.plan, drifts: drifts)),
      by: planned.initiator)
    perform(.carryOut(planned.id, planned.plan))
  }

  // MARK: What a person asks for

  mutating func askedToHeal(_ request: HealRequest) {
    if state.isHeld && !request.despiteHold { return perform(.refuse(heldFault)) }
    perform(.heal(request))
  }

  mutating func askedToIgnore(_ ignored: DriftIgnored, by initiator: Initiator) {
    record(.driftIgnored(ignored), by: initiator)
    if ignored.field == nil {
      let items = state.drifts.filter { $0.key.isInside(ignored.object) }.sorted { $0.key < $1.key }
        .map { DriftResolved.Item(id: $0.value.id, object: $0.key) }
      for batch in items.batches(of: DriftDetected.batch) {
        record(.driftResolved(DriftResolved(batch, .ignored, until: ignored.until)), by: initiator)
      }
    } else if state.drifts[ignored.object] != nil {
      perform(.look(LookRequest(.objects([ignored.object]))))
    }
  }

  mutating func adopted(_ made: AdoptionMade) {
    let initiator = made.request.initiator
    record(.adopted(Adopted(commit: made.commit, branch: made.branch, objects: made.objects)), by: initiator)
    let items = made.objects.compactMap { object in
      state.drifts[object].map { DriftResolved.Item(id: $0.id, object: object) }
    }
    for batch in items.batches(of: DriftDetected.batch) {
      record(.driftResolved(DriftResolved(batch, .adopted, commit: made.commit)), by: initiator)
    }
    // The branch says it now: where that is the tracked one, it is a release like any other.
    perform(.readHead)
  }
}

extension Drift {
  fileprivate init(id: Identifier, _ found: Look.Found) {
    self.init(id: id, difference: found.difference, attribution: found.attribution, changed: found.changed)
  }
}

extension [Drift] {
  /// Cut so that each part fits into an event, whatever the fields hold.
  fileprivate var inEvents: [[Drift]] {
    var batches: [[Drift]] = []
    var bytes = 0
    for drift in self {
      let size = drift.difference.size + (drift.attribution?.size ?? 0)
      if batches.isEmpty || batches[batches.count - 1].count == DriftDetected.batch
        || bytes + size > DriftDetected.bytes
      {
        batches.append([])
        bytes = 0
      }
      batches[batches.count - 1].append(drift)
      bytes += size
    }
    return batches
  }
}

extension OpenDrift {
  /// Whether it is known now who made it what it is, and wasn't: an API server tells a while later.
  fileprivate func isNamed(by attribution: Attribution?) -> Bool {
    attribution?.certainty == .certain && attribution?.request != nil && self.attribution?.certainty != .certain
  }
}

extension Attribution {
  /// About its bytes in an event.
  fileprivate var size: Int {
    let texts = [login, user, program, executable, request?.client, request?.allowance].compactMap { $0 }
    return (texts + arguments + (request?.groups ?? []) + (request?.forwardedFor ?? []))
      .reduce(200) { $0 + $1.utf8.count + 4 }
  }
}

extension Difference {
  /// About its bytes in an event, without the attribution.
  fileprivate var size: Int {
    let fields = fields.reduce(0) { size, field in
      size + field.field.utf8.count + (field.old?.utf8.count ?? 0) + (field.new?.utf8.count ?? 0) + 100
    }
    return object.string.utf8.count + fields + lines.reduce(0) { $0 + $1.utf8.count + 8 } + 500
  }
}

extension Array {
  fileprivate func batches(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
