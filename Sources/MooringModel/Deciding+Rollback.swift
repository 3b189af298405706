extension Deciding {
  /// The revert commit exists: record it durably, then restore production and push, side by side.
  mutating func reverted(_ made: RevertMade) {
    let request = made.request
    guard !isOverrun(request) else { return }
    if request.isRehearsal { return rehearsed(made) }
    giveUpDrill(for: "a rollback")
    record(
      .rollbackStarted(
        RollbackStarted(
          rollback: made.id, automatic: request.automatic, reason: request.reason, from: made.from, to: made.to,
          undone: made.undone, revert: made.revert, ranBefore: made.ranBefore)),
      by: request.initiator)
    if let from = made.from, from.digest != made.to.digest {
      record(
        .quarantine(
          QuarantineEntry(
            revision: from.revision, digest: from.digest, number: from.number, rollback: made.id,
            reason: request.reason, at: now, change: made.change)))
    }
    if state.quarantine.entry(blocking: made.to.digest) != nil {
      record(
        .quarantineLifted(QuarantineLifted(digest: made.to.digest, reason: "rolled back to by \(request.initiator)")),
        by: request.initiator)
    }
    if request.automatic { stopAtBudget() }
    if let unsigned = made.unsigned {
      record(.alert(Alert(message: unsigned.description, about: made.revert?.commit)))
      perform(.alert(unsigned.description))
    }
    perform(.alert("rolling back to \(made.to.restores?.description ?? made.to.label): \(request.reason)"))
    perform(.plan(made.to, .rollback(made.id), request.initiator, resuming: nil))
    if made.revert != nil { perform(.push) }
  }

  /// Whether something else began while the revert was made: a fix that takes over, or another rollback.
  private mutating func isOverrun(_ request: RevertRequest) -> Bool {
    guard state.inFlight != nil || state.rollback != nil else { return false }
    if !request.automatic {
      perform(.refuse(Fault(.busy, "a deployment is in flight", remedy: "roll back again when it has ended")))
    }
    return true
  }

  mutating func notReverted(_ request: RevertRequest, _ id: Identifier, _ fault: Fault) {
    perform(.refuse(fault))
    guard request.automatic, !isOverrun(request) else { return }
    guard case .release(let target) = request.scope else { return }
    if request.isRehearsal {
      let made = RevertMade(
        id: id, request: request, from: state.deployed?.release, to: target, undone: [], revert: nil, ranBefore: true)
      return rehearsed(made, problem: fault)
    }
    hold(.sharedInputs, "production is restored to \(target.label), but no revert could be made: \(fault)")
    reverted(
      RevertMade(
        id: id, request: request, from: state.deployed?.release, to: target, undone: [], revert: nil, ranBefore: true))
  }

  mutating func pushed(_ pushed: [RevertPushed]) {
    for revert in pushed where state.owed.contains(where: { $0.revert.commit == revert.commit }) {
      record(.revertPushed(revert))
    }
    if state.owed.isEmpty {
      liftHoldOfOwed([.replayConflict, .pullRequestClosed], "the owed revert is on the branch")
    }
    completeRollback()
    perform(.readHead)
  }

  mutating func notPushed(_ owed: [RevertOwed]) {
    for revert in owed {
      guard let known = state.owed.first(where: { $0.revert.commit == revert.commit }) else { continue }
      let isFirst = state.rollback?.started.rollback == revert.rollback && state.rollback?.pushed == nil
      if isFirst || known.why != revert.why { record(.revertOwed(revert)) }
      if known.why == nil { perform(.alert("revert \(revert.commit.short) is owed: \(revert.why)")) }
    }
    completeRollback()
  }

  mutating func replayConflict(_ fault: Fault) {
    if !state.holds.contains(where: { $0.hold.cause == .replayConflict }) {
      hold(.replayConflict, "an owed revert conflicts with the branch: \(fault)")
    }
    if isOvertaken { return giveWay() }
    notPushed(
      state.owed.map { RevertOwed(rollback: $0.rollback, commit: $0.revert.commit, why: fault.description) })
  }

  /// Whether all that is owed is the revert of the automatic rollback in flight, and nobody else holds the environment.
  private var isOvertaken: Bool {
    guard let rollback = state.rollback, rollback.started.automatic, state.holds.count == 1 else { return false }
    return state.owed.allSatisfy { $0.rollback == rollback.started.rollback }
  }

  /// Somebody has changed the same lines while the failed release was reverted: the fix behind it is not blocked.
  private mutating func giveWay() {
    record(.resume(Resume(reason: "the branch has moved past the failed release, and what is on it takes over")))
    completeRollback()
    perform(.readHead)
  }

  /// Ends the rollback once production and the push have both said how it went.
  mutating func completeRollback() {
    guard let rollback = state.rollback, rollback.pushed != nil, let deployment = rollback.deployment else { return }
    endRollback(after: deployment, at: rollback.restored ?? now)
  }

  mutating func endRollback(after deployment: DeploymentFinished, at restored: Timestamp) {
    guard let rollback = state.rollback else { return }
    let started = rollback.started
    let outcome: RollbackFinished.Outcome =
      switch (deployment.outcome, deployment.live == started.to.digest) {
      case (.verified, _): .verified
      case (_, true): .restoredUnverified
      case (_, false): .failed
      }
    record(
      .rollbackFinished(
        RollbackFinished(
          rollback: started.rollback, outcome: outcome, pushed: rollback.pushed ?? false,
          verdict: outcome == .verified ? nil : "no change", detail: deployment.detail,
          milliseconds: restored.milliseconds - rollback.at.milliseconds)),
      by: rollback.initiator)
    guard outcome != .verified else { return }
    if let from = started.from, state.quarantine.entry(blocking: from.digest) != nil {
      record(.quarantineLifted(QuarantineLifted(digest: from.digest, reason: "the restored release fails too")))
    }
    let target = started.to.restores?.description ?? started.to.label
    hold(
      .restoredReleaseFailed,
      (outcome == .failed
        ? "production couldn't be brought back to \(target)" : "rolled back to \(target), which fails too")
        + ": \(deployment.detail ?? "no detail")")
  }
}
