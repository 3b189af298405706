import MooringModel
import Testing

/// What must hold of everything that is told of drift, whatever happened before.
struct SimulatedDriftRules {
  struct Told {
    var id: Identifier
    var fingerprint: String
    var isAdopted = false
  }

  private(set) var told: [ObjectName: Told] = [:]
  private var ids: Set<Identifier> = []
  private var heals: [ObjectName: (count: Int, last: Timestamp)] = [:]

  mutating func check(_ event: Event, before state: EnvironmentState) {
    switch event.payload {
    case .driftDetected(let detected): for drift in detected.drifts { detect(drift) }
    case .driftChanged(let changed): for drift in changed.drifts { change(drift) }
    case .driftResolved(let resolved): for item in resolved.drifts { resolve(item, resolved.how) }
    case .deploymentStarted(let started) where started.trigger == .heal:
      let ids = Set(started.drifts ?? [])
      for (object, drift) in told where ids.contains(drift.id) {
        if event.initiator.kind == .watcher { checkPatience(with: object, at: event.time) }
        // Who puts back what was adopted has changed their mind.
        told[object]?.isAdopted = false
      }
    case .deploymentFinished(let finished):
      deployed(finished, state)
      healed(finished, state, at: event.time)
    default: break
    }
  }

  private mutating func detect(_ drift: Drift) {
    let known = told[drift.object]
    #expect(
      known == nil || (known?.isAdopted == true && known?.fingerprint != drift.difference.fingerprint),
      "\(drift.object) is told twice")
    #expect(ids.insert(drift.id).inserted, "an identity is used again")
    told[drift.object] = Told(id: drift.id, fingerprint: drift.difference.fingerprint)
  }

  private mutating func change(_ drift: Drift) {
    #expect(told[drift.object]?.id == drift.id, "\(drift.object) changed under another identity")
    #expect(told[drift.object]?.fingerprint != drift.difference.fingerprint, "\(drift.object) is told as it was")
    told[drift.object]?.fingerprint = drift.difference.fingerprint
    told[drift.object]?.isAdopted = false
  }

  private mutating func resolve(_ item: DriftResolved.Item, _ how: DriftResolved.How) {
    #expect(told[item.object]?.id == item.id, "\(item.object) ended, and wasn't told")
    if how == .adopted, told[item.object]?.isAdopted == false {
      told[item.object]?.isAdopted = true
    } else {
      told[item.object] = nil
    }
  }

  /// What was adopted is what a deployment wrote, or news again.
  private mutating func deployed(_ finished: DeploymentFinished, _ state: EnvironmentState) {
    guard let started = state.inFlight?.started, started.trigger != .heal, finished.live == started.release.digest
    else { return }
    told = told.filter { !$0.value.isAdopted }
  }

  /// A heal counts whether it succeeded or not.
  private mutating func healed(_ finished: DeploymentFinished, _ state: EnvironmentState, at time: Timestamp) {
    guard let started = state.inFlight?.started, started.trigger == .heal else { return }
    let ids = Set(started.drifts ?? [])
    for (object, told) in told where ids.contains(told.id) {
      let lately = heals[object].map { time - $0.last < .seconds(3600) ? $0.count : 0 } ?? 0
      heals[object] = (lately + 1, time)
    }
  }

  /// 10 · 4ⁿ s after the heal before, and six times within an hour.
  private func checkPatience(with object: ObjectName, at time: Timestamp) {
    guard let lately = heals[object], time - lately.last < .seconds(3600) else { return }
    #expect(lately.count < 6, "\(object) is healed for the \(lately.count + 1)th time")
    let rest = Duration.seconds(10 << (2 * (lately.count - 1)))
    #expect(time - lately.last >= rest, "\(object) is healed again after \(time - lately.last)")
  }

  /// What is gone over was told before, just as it was.
  func checkHeal(of object: ObjectName, _ fingerprint: String, in state: EnvironmentState) {
    #expect(told[object]?.fingerprint == fingerprint, "\(object) is put back, and nobody was told what it was")
  }

  /// Everything that differs now is told, and nothing else is.
  func checkAllTold(of world: SimulatedWorld) {
    for object in SimulatedWorld.objects {
      let known = told[object]
      #expect(world.state.drifts[object]?.id == known?.id)
      guard let value = world.hands[object], !world.isIgnored(object) else {
        #expect(known == nil || known?.isAdopted == true, "\(object) is open, and as it should be")
        continue
      }
      #expect(known?.fingerprint == SimulatedWorld.fingerprint(value), "\(object) is not told as it is")
      if world.policy.drift.action(for: object) == .heal, !world.state.isHeld {
        let isTriedOut = heals[object].map { $0.count >= 6 && world.now - $0.last < .seconds(3600) } ?? false
        #expect(known?.isAdopted == true || isTriedOut, "\(object) was never put back")
      }
    }
  }
}
