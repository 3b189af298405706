extension EnvironmentState {
  /// How many verified releases are remembered as places to go back to.
  static let trailLength = 50

  /// Takes one event in.
  public mutating func apply(_ event: Event) {
    apply(event.payload, by: event.initiator, from: event.source, at: event.time)
  }

  mutating func apply(_ payload: Event.Payload, by initiator: Initiator, from source: String, at time: Timestamp) {
    if owner == nil { owner = source }
    eventCount += 1
    lastEvent = time
    switch payload {
    case .catalogue(let catalogue): apply(catalogue)
    case .release(let release): apply(release)
    case .deploymentStarted(let started):
      inFlight = DeploymentInFlight(started: started, initiator: initiator, at: time)
      if !started.trigger.keepsRelease { blocked = nil }
      if started.trigger.isReturn, started.trigger.drill == drill?.started.drill { drill?.returns += 1 }
      if started.trigger != .heal, unjudged?.until == nil { unjudged?.until = time }
      heal(started.drifts ?? [], at: time)
    case .deploymentFinished(let finished): apply(finished, at: time)
    case .rollbackStarted(let started): apply(started, by: initiator, at: time)
    case .revertPushed(let pushed): apply(pushed, at: time)
    case .revertOwed(let owed): apply(owed)
    case .revertProposed(let proposed):
      propose(proposed.request, isDeclined: false, of: proposed.commit, at: time)
    case .revertDeclined(let declined):
      propose(declined.request, isDeclined: true, of: declined.commit, at: time)
    case .requestSettled(let settled): needless.removeAll { $0.request.number == settled.request.number }
    case .rollbackFinished(let finished):
      awaitVerdict(on: finished, at: time)
      if rollback?.started.rollback == finished.rollback { rollback = nil }
    case .hold(let hold):
      holds.removeAll { $0.hold.cause == hold.cause }
      holds.append(HoldInForce(hold: hold, initiator: initiator, since: time))
      if [.firstReleaseFailed, .deploymentFailed, .rollbackBudget].contains(hold.cause) { failure?.isAnswered = true }
    case .rollbackRehearsed(let rehearsed):
      rehearsal = rehearsed
      failure?.isAnswered = true
    case .resume(let resumed):
      resume(by: initiator, for: resumed.reason, at: time)
      if initiator.kind == .person { automaticRollbacks = [] }
    case .quarantine(let entry): quarantine.add(entry)
    case .quarantineLifted(let lifted):
      if lifted.withdraws == true { withdraw(revertOf: lifted, at: time) }
      quarantine.lift(lifted.digest)
      if blocked?.digest == lifted.digest { blocked = nil }
    case .quarantineBlocked(let blocked):
      self.blocked = blocked
      lastAlertAbout = blocked.release.revision
    case .historyRewritten(let rewritten): anchor = rewritten.now
    case .takeover: owner = source
    case .alert(let alert): lastAlertAbout = alert.about ?? lastAlertAbout
    case .union(let union): owner = union.owner ?? owner
    case .driftDetected(let detected): apply(detected, at: time)
    case .driftChanged(let changed): apply(changed, at: time)
    case .driftResolved(let resolved): apply(resolved, at: time)
    case .driftIgnored(let ignored): apply(ignored, by: initiator, at: time)
    case .anchored: anchored = time
    case .acknowledged(let known): apply(known, by: initiator, at: time)
    case .driftFought, .adopted: break
    case .verdict(let given): if unjudged?.rollback == given.rollback { unjudged = nil }
    case .gate(let result): remember(result)
    case .drillStarted(let started): apply(started, by: initiator, at: time)
    case .drillFinished(let finished): apply(finished, at: time)
    case .note, .artifacts, .unattended, .unknown: break
    }
  }

  private mutating func apply(_ new: Catalogue) {
    catalogue = new
    definition = new.definition
    lastNumber = max(lastNumber, ReleaseNumber(new.count))
    anchor = new.upTo
  }

  private mutating func apply(_ release: Release) {
    // The newest release of the catalogue gets its event when it is first rendered, with the number that it has.
    if release.number >= lastNumber {
      newest = release
      if blocked?.release.revision != release.revision { blocked = nil }
      lastNumber = release.number
      anchor = release.revision
      definition = release.definition
    }
    guard release.refusal == nil, let reference = release.reference, deployed?.release.digest == reference.digest else {
      return
    }
    if release.number >= (deployed?.release.number ?? ReleaseNumber(0)) {
      deployed?.release = reference
      if verified.last?.release.digest == reference.digest { verified[verified.count - 1].release = reference }
    }
  }

  private mutating func apply(_ finished: DeploymentFinished, at time: Timestamp) {
    guard let flight = inFlight, flight.started.deployment == finished.deployment else { return }
    inFlight = nil
    remember(finished.programs ?? [])
    if flight.started.trigger == .heal { return endHeal(flight.started.drifts ?? [], at: time) }
    if flight.started.trigger.drill != nil { return endLeg(flight, finished, at: time) }
    let release = numbered(flight.started.release)
    let isLive = finished.live == release.digest
    if isLive { overtakeDrifts(at: time) }
    let began = deployed?.release.digest == release.digest ? deployed?.began ?? flight.at : flight.at
    switch finished.outcome {
    case .verified:
      deployed = DeployedRelease(release: release, since: time, verified: true, began: began)
      remember(release, at: time)
      failure = nil
      rehearsal = nil
    case .failed, .superseded:
      if isLive { deployed = DeployedRelease(release: release, since: time, verified: false, began: began) }
      if finished.outcome == .failed { countFailure(of: release, flight, finished.detail, at: time) }
    case .interrupted: break
    }
    if case .rollback(let id) = flight.started.trigger, rollback?.started.rollback == id {
      rollback?.deployment = finished
      rollback?.restored = time
    }
  }

  /// A restored release under the number that its revert got while the deployment was in flight.
  func numbered(_ release: ReleaseReference) -> ReleaseReference {
    guard release.number == nil, let newest, newest.refusal == nil, newest.digest == release.digest else {
      return release
    }
    return newest.reference ?? release
  }

  private mutating func remember(_ release: ReleaseReference, at time: Timestamp) {
    verified.removeAll { $0.release.digest == release.digest }
    verified.append(DeployedRelease(release: release, since: time, verified: true))
    if verified.count > Self.trailLength { verified.removeFirst(verified.count - Self.trailLength) }
  }

  private mutating func countFailure(
    of release: ReleaseReference, _ flight: DeploymentInFlight, _ detail: String?, at time: Timestamp
  ) {
    let before = failure?.release.revision == release.revision ? failure?.attempts ?? 0 : 0
    failure = FailedAttempt(
      release: release, attempts: before + 1, last: time, detail: detail,
      isAnswered: flight.started.trigger.isRollback, deployment: flight.started.deployment, began: flight.at,
      gates: flight.gates)
  }

  private mutating func remember(_ result: GateResult) {
    guard let flight = inFlight, flight.started.deployment == result.deployment,
      flight.gates.count < FailureEvidence.mostGates
    else { return }
    inFlight?.gates.append(result)
  }

  private mutating func resume(by initiator: Initiator, for reason: String, at time: Timestamp) {
    // The branch as it is now is what whoever resumes means: a revert that conflicts with it, or was declined, is no
    // longer owed. By itself a hold also ends where a pull request is opened again.
    let causes: Set<Hold.Cause> =
      initiator.kind == .person ? [.replayConflict, .pullRequestClosed] : [.replayConflict]
    if holds.contains(where: { causes.contains($0.hold.cause) }) {
      let given = owed
      owed = []
      leave(given, why: "the branch is taken as it is: \(reason)", at: time)
      if rollback?.pushed == nil { rollback?.pushed = false }
    }
    holds = []
    failure?.isAnswered = true
  }

  /// A rollback has ended: whether it helped isn't known yet.
  private mutating func awaitVerdict(on finished: RollbackFinished, at time: Timestamp) {
    guard finished.outcome != .failed, let flight = rollback, flight.started.rollback == finished.rollback else {
      return
    }
    unjudged = UnjudgedRollback(
      rollback: finished.rollback, from: flight.started.from, badSince: flight.badSince, started: flight.at,
      restored: flight.restored ?? time)
  }

  private mutating func apply(_ started: RollbackStarted, by initiator: Initiator, at time: Timestamp) {
    rollback = RollbackInFlight(started: started, initiator: initiator, at: time, badSince: badSince(of: started))
    unjudged = nil
    failure?.isAnswered = true
    rehearsal = nil
    if started.automatic {
      automaticRollbacks = (automaticRollbacks + [time]).suffix(RollbackPolicy.mostCounted)
    }
    if let index = verified.lastIndex(where: { $0.release.digest == started.to.digest }) {
      verified.removeSubrange((index + 1)...)
    } else if let from = started.from {
      verified.removeAll { $0.release.digest == from.digest }
    }
    if let revert = started.revert {
      owed.append(OwedRevert(rollback: started.rollback, revert: revert, since: time))
    } else {
      rollback?.pushed = true
    }
  }

  private func badSince(of started: RollbackStarted) -> Timestamp? {
    deployed?.release.digest == started.from?.digest ? deployed?.began : nil
  }

  private mutating func apply(_ pushed: RevertPushed, at time: Timestamp) {
    let there = owed.filter { $0.revert.commit == pushed.commit }
    owed.removeAll { $0.revert.commit == pushed.commit }
    leave(there, why: "\(pushed.landed.short) on the branch has it", at: time)
    if let id = pushed.rollback, rollback?.started.rollback == id { rollback?.pushed = true }
    if deployed?.release.revision == pushed.commit { deployed?.release.revision = pushed.landed }
    if verified.last?.release.revision == pushed.commit {
      verified[verified.count - 1].release.revision = pushed.landed
    }
  }

  private mutating func apply(_ notice: RevertOwed) {
    if let index = owed.firstIndex(where: { $0.revert.commit == notice.commit }) { owed[index].why = notice.why }
    if let id = notice.rollback, rollback?.started.rollback == id { rollback?.pushed = false }
  }
}
