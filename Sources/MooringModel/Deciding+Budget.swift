extension Deciding {
  /// Why a failure isn't rolled back by itself: it is from long ago, or automation has done so too often.
  func obstacle(to failure: FailedAttempt) -> (cause: Hold.Cause, reason: String)? {
    let what = "\(failure.release.label) failed: \(failure.detail ?? "it failed")"
    if now - failure.last >= RollbackPolicy.longestAgo {
      return (.deploymentFailed, "\(what); that was at \(failure.last), too long ago to roll back for by itself")
    }
    let budget = policy.rollback.budget
    guard !policy.rollback.isRehearsed, budget.spent(state.automaticRollbacks, at: now) >= budget.atMost else {
      return nil
    }
    return (.rollbackBudget, "\(what); it isn't rolled back: \(spent)")
  }

  /// The last rollback that the budget has is made, and nothing new is deployed after it: production stays on what was
  /// verified until a person has looked.
  mutating func stopAtBudget() {
    let budget = policy.rollback.budget
    guard budget.spent(state.automaticRollbacks, at: now) >= budget.atMost else { return }
    hold(.rollbackBudget, spent)
  }

  private var spent: String {
    let budget = policy.rollback.budget
    return "\(budget.atMost) automatic rollback\(budget.atMost == 1 ? "" : "s") within \(budget.within) are all that"
      + " `rollback.automatic` allows"
  }

  /// Says what an automatic rollback would have done, and leaves it to a person.
  mutating func rehearsed(_ made: RevertMade, problem: Fault? = nil) {
    let rehearsed = RollbackRehearsed(
      rollback: made.id, reason: made.request.reason, from: made.from, to: made.to, undone: made.undone,
      ranBefore: made.ranBefore, problem: problem?.description)
    record(.rollbackRehearsed(rehearsed))
    hold(
      .deploymentFailed,
      "\(made.from?.label ?? "what runs") failed: \(made.request.reason); by `dryRun` it isn't rolled back to"
        + " \(made.to.restores?.description ?? made.to.label)")
  }
}
