extension Deciding {
  /// Says what is about to happen, and lets it happen.
  mutating func begin(_ planned: PlannedDeployment) {
    if planned.resumes {
      perform(.carryOut(planned.id, planned.plan))
      return
    }
    guard state.inFlight == nil else {
      perform(.refuse(Fault(.busy, "a deployment is in flight", remedy: "try again when it has ended")))
      return
    }
    guard planned.trigger != .revision || isWanted(planned) else { return }
    if planned.trigger == .heal { return beginHealing(planned) }
    if let id = planned.trigger.drill, state.drill?.started.drill != id { return }
    if planned.plan.isEmpty, !planned.trigger.isRestoring, let deployed = state.deployed, deployed.verified,
      deployed.release.digest == planned.plan.to
    {
      return
    }
    if planned.trigger == .asked { liftQuarantine(for: planned) }
    record(
      .deploymentStarted(
        DeploymentStarted(
          deployment: planned.id, trigger: planned.trigger, release: planned.release, plan: planned.plan)),
      by: planned.initiator)
    perform(.carryOut(planned.id, planned.plan))
  }

  /// A person who deploys what was rolled back means it.
  private mutating func liftQuarantine(for planned: PlannedDeployment) {
    for entry in state.quarantine.entries
    where entry.digest == planned.release.digest || planned.resemblances.found[entry.digest] != nil {
      record(
        .quarantineLifted(QuarantineLifted(digest: entry.digest, reason: "deployed by \(planned.initiator)")),
        by: planned.initiator)
    }
  }

  /// Whether automation may still deploy what it planned: a hold or a rollback may have come in between.
  private mutating func isWanted(_ planned: PlannedDeployment) -> Bool {
    guard !state.isHeld, state.rollback == nil, state.drill == nil else { return false }
    switch admission(of: planned.release.digest, planned.resemblances) {
    case .admitted: return true
    case .refused: return false
    case .unread:
      perform(.readHead)
      return false
    }
  }

  mutating func notPlanned(_ release: ReleaseReference, _ trigger: Trigger, _ fault: Fault) {
    if let flight = state.inFlight, flight.started.trigger == trigger, flight.started.release == release {
      finish(flight, .failed, live: nil, detail: fault.description)
      return
    }
    perform(.refuse(fault))
    if trigger.drill != nil { return drillNotPlanned(trigger, fault) }
    if case .rollback(let id) = trigger, state.rollback?.started.rollback == id {
      let finished = DeploymentFinished(deployment: id, outcome: .failed, live: nil, detail: fault.description)
      endRollback(after: finished, at: now)
      return
    }
    guard state.lastAlertAbout != release.revision else { return }
    record(.alert(Alert(message: fault.description, about: release.revision)))
    perform(.alert(fault.description))
  }

  mutating func carriedOut(
    _ id: Identifier, _ failure: Fault?, live: ReleaseDigest?, _ programs: [Window], _ reached: Timestamp?
  ) {
    guard let flight = state.inFlight, flight.started.deployment == id else { return }
    guard let failure else {
      perform(.check(id, supersedable: !flight.started.trigger.isRollback))
      return
    }
    finish(flight, .failed, live: live, detail: failure.description, programs, reached)
  }

  mutating func gates(_ id: Identifier, _ verdict: GateVerdict, _ programs: [Window], _ reached: Timestamp?) {
    guard let flight = state.inFlight, flight.started.deployment == id else { return }
    let live = flight.started.release.digest
    switch verdict {
    case .held(let results):
      for result in results { record(.gate(result)) }
      finish(flight, .verified, live: live, detail: nil, programs, reached)
    case .failed(let results):
      for result in results { record(.gate(result)) }
      let failed = results.filter { !$0.passed }.map { "gate \($0.gate): \($0.detail ?? "failed")" }
      finish(flight, .failed, live: live, detail: failed.joined(separator: "; "), programs, reached)
    case .superseded(let by):
      finish(flight, .superseded, live: live, detail: "superseded by \(by)", programs, reached)
    }
  }

  private mutating func finish(
    _ flight: DeploymentInFlight, _ outcome: DeploymentOutcome, live: ReleaseDigest?, detail: String?,
    _ programs: [Window] = [], _ reached: Timestamp? = nil
  ) {
    let isThere = live == flight.started.release.digest && flight.started.trigger != .heal
    let finished = DeploymentFinished(
      deployment: flight.started.deployment, outcome: outcome, live: live, detail: detail,
      programs: programs.isEmpty ? nil : programs,
      // Whatever the clock did meanwhile.
      reached: isThere ? reached.map { max(flight.at, min($0, now)) } : nil)
    record(.deploymentFinished(finished), by: flight.initiator)
    if flight.started.trigger != .heal, live == flight.started.release.digest, !state.drifts.isEmpty {
      perform(.look(LookRequest(.everything)))
    }
    if outcome == .failed {
      perform(.alert("deployment of \(flight.started.release.label) failed: \(detail ?? "no detail")"))
      perform(.refuse(Fault(.gate, "deployment of \(flight.started.release.label) failed: \(detail ?? "no detail")")))
    }
    if outcome == .verified { liftHoldsOfFailures() }
    switch flight.started.trigger {
    case .heal: perform(.look(LookRequest(.everything)))
    case .rollback: completeRollback()
    case .drill: goHome()
    case .drillReturn: cameHome(finished)
    case .revision, .asked: restoreIfFailed()
    }
  }

  /// The system's holds lift with their cause: what runs now is verified.
  private mutating func liftHoldsOfFailures() {
    let causes: Set<Hold.Cause> = [
      .firstReleaseFailed, .deploymentFailed, .restoredReleaseFailed, .drillFailed,
    ]
    guard state.isHeld, state.holds.allSatisfy({ causes.contains($0.hold.cause) }) else { return }
    record(.resume(Resume(reason: "what runs is verified")))
  }

  /// When production runs a release that failed: back to the last verified one, one step only, also under a hold.
  mutating func restoreIfFailed() {
    guard let deployed = state.deployed, !deployed.verified, let failure = state.failure, !failure.isAnswered,
      failure.release.digest == deployed.release.digest
    else { return }
    let detail = failure.detail ?? "it failed"
    guard let target = state.previous else {
      hold(.firstReleaseFailed, "\(deployed.release.label) failed and nothing verified ran before it: \(detail)")
      return
    }
    guard policy.automaticRollback else {
      hold(.deploymentFailed, "\(deployed.release.label) failed: \(detail)")
      return
    }
    if let obstacle = obstacle(to: failure) { return hold(obstacle.cause, obstacle.reason) }
    perform(
      .revert(
        RevertRequest(
          scope: .release(target.release), reason: detail, automatic: true, initiator: .watcher,
          evidence: failure.evidence, isRehearsal: policy.rollback.isRehearsed)))
  }

  mutating func hold(_ cause: Hold.Cause, _ reason: String) {
    record(.hold(Hold(cause: cause, reason: reason)))
    perform(.alert("held: \(reason)"))
  }
}

extension Trigger {
  public var isRollback: Bool {
    if case .rollback = self { true } else { false }
  }
}
