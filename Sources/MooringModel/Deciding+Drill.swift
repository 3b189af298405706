extension Deciding {
  /// Whether a drill may begin; then production is looked at before it does.
  mutating func askedToDrill(_ request: DrillRequest) {
    if let obstacle = obstacle(to: request) { return perform(.refuse(obstacle)) }
    perform(.inspect(request))
  }

  /// Production is exactly what was deployed: say what is about to happen, and go back.
  mutating func inspected(_ request: DrillRequest, _ id: Identifier) {
    if let obstacle = obstacle(to: request) { return perform(.refuse(obstacle)) }
    guard let from = state.deployed?.release, let to = state.target(of: request)?.release else { return }
    record(.drillStarted(DrillStarted(drill: id, from: from, to: to)), by: request.initiator)
    perform(.plan(to, .drill(id), request.initiator, resuming: nil))
  }

  private func obstacle(to request: DrillRequest) -> Fault? {
    guard policy.drills.isAllowed else {
      return Fault(
        .state, "drills aren't allowed here",
        remedy: "set `drills: true` for the environment, and read docs/rollback.md")
    }
    if state.isHeld { return heldFault }
    guard state.isAtRest else {
      return Fault(.busy, "a deployment is in flight", remedy: "try again when it has ended")
    }
    guard state.owed.isEmpty else {
      return Fault(.state, "a revert is still owed", remedy: "drill when it is on the branch")
    }
    guard let deployed = state.deployed, deployed.verified else {
      return Fault(.state, "nothing that is verified runs, so there is nothing to return to")
    }
    if let drift = state.openDrifts.first {
      return Fault(
        .target, "production was changed by hand, and a drill would go over it: \(drift.object)",
        remedy: "heal or adopt it first: `mooring drift`")
    }
    guard state.target(of: request) != nil else {
      return Fault(
        .notFound,
        request.to.map { "\($0) isn't among the releases that ran here and held their gates" }
          ?? "there is no earlier release whose gates held", remedy: "`mooring releases` shows what ran")
    }
    return nil
  }

  /// The deployment of the earlier release has ended, however: production returns.
  mutating func goHome() {
    guard let drill = state.drill else { return }
    perform(.plan(drill.started.from, .drillReturn(drill.started.drill), drill.initiator, resuming: nil))
  }

  /// The way back has ended: the drill is over, or it is tried again.
  mutating func cameHome(_ finished: DeploymentFinished) {
    guard let drill = state.drill else { return }
    guard finished.live == drill.started.from.digest else {
      if drill.returns < DrillInFlight.mostReturns { return goHome() }
      endDrill(.failed, returned: false, finished.detail)
      let now = state.deployed?.release.label ?? "nothing"
      return hold(
        .drillFailed,
        "a drill couldn't return to \(drill.started.from.label), and left production on \(now):"
          + " \(finished.detail ?? "no detail")")
    }
    if finished.outcome == .failed {
      endDrill(.failed, returned: true, finished.detail)
      return hold(
        .drillFailed,
        "\(drill.started.from.label) fails after a drill that returned to it: \(finished.detail ?? "no detail")")
    }
    let away = drill.away?.outcome ?? .interrupted
    endDrill(
      away == .verified ? finished.outcome : away, returned: true,
      away == .verified ? finished.detail : drill.away?.detail,
      since: drill.awayAt)
  }

  mutating func endDrill(
    _ outcome: DeploymentOutcome, returned: Bool, _ detail: String?, since turned: Timestamp? = nil
  ) {
    guard let drill = state.drill else { return }
    let wasThere = drill.away?.outcome == .verified
    record(
      .drillFinished(
        DrillFinished(
          drill: drill.started.drill, outcome: outcome, returned: returned, detail: detail,
          milliseconds: wasThere ? drill.awayAt.map { $0.milliseconds - drill.at.milliseconds } : nil,
          returnMilliseconds: wasThere ? turned.map { now.milliseconds - $0.milliseconds } : nil)),
      by: drill.initiator)
    guard outcome == .failed else { return }
    perform(
      .alert("the drill from \(drill.started.from.label) to \(drill.started.to.label) failed: \(detail ?? "no detail")")
    )
  }

  /// No plan could be made for a deployment of a drill: nothing was touched on the way there; the way back is tried
  /// again when the environment is taken up next.
  mutating func drillNotPlanned(_ trigger: Trigger, _ fault: Fault) {
    guard state.drill?.started.drill == trigger.drill else { return }
    guard trigger.isReturn else { return endDrill(.failed, returned: true, fault.description) }
    perform(.alert("a drill can't return yet: \(fault)"))
  }

  /// A program that stopped has left a drill: production returns to what it ran, wherever it was.
  mutating func takeUpDrill(_ drill: DrillInFlight) {
    guard let flight = state.inFlight else {
      // Nothing was touched before the first deployment had begun.
      if drill.away == nil, drill.returns == 0 { return endDrill(.interrupted, returned: true, nil) }
      return goHome()
    }
    let started = flight.started
    if started.trigger.isReturn {
      return perform(.plan(started.release, started.trigger, flight.initiator, resuming: started.deployment))
    }
    record(
      .deploymentFinished(
        DeploymentFinished(
          deployment: started.deployment, outcome: .interrupted, live: nil,
          detail: "the program stopped in the middle")),
      by: flight.initiator)
    goHome()
  }

  /// A person's rollback, or another deployment that a person insists on, ends a drill that can't return.
  mutating func giveUpDrill(for what: String) {
    guard state.drill != nil else { return }
    endDrill(.superseded, returned: false, "superseded by \(what)")
  }
}

extension Trigger {
  /// The drill that it is a deployment of.
  public var drill: Identifier? {
    switch self {
    case .drill(let id), .drillReturn(let id): id
    default: nil
    }
  }

  /// Whether it brings production back to what it ran before a drill.
  public var isReturn: Bool {
    if case .drillReturn = self { true } else { false }
  }

  /// Whether what production is to run stays the same: it is put right, or going back is rehearsed.
  public var keepsRelease: Bool { self == .heal || drill != nil }

  /// Whether it brings back what ran before.
  public var isRestoring: Bool { isRollback || drill != nil }
}
