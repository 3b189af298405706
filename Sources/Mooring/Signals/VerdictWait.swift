import MooringJournal
import MooringModel

/// Waits until the signals can say whether a rollback helped, has it judged, and records the verdict: what a command does
/// whose person waits. The watcher does the same without one, in `SignalWatch`.
struct VerdictWait {
  let workspace: Workspace
  let context: EnvironmentContext
  /// Told how long it still takes.
  let waiting: @Sendable (Duration) -> Void

  private var policy: VerdictPolicy { context.configuration.signals.verdict }

  /// - Returns: `nil` where nobody waits for one; or what somebody else said meanwhile.
  func verdict(
    on rollback: Identifier, by initiator: Initiator, observer: @escaping @Sendable (LoopNews) -> Void
  ) async throws -> VerdictGiven? {
    guard !context.configuration.signals.signals.isEmpty, var unjudged = try unjudged(rollback) else { return nil }
    let samples = try await sample(during: &unjudged)
    if let said = try said(of: rollback) { return said }
    let given = try await VerdictMaker(workspace: workspace, context: context).judge(unjudged, by: samples)
    let report = try await workspace.record(context, .verdict(given), by: initiator, observer: observer)
    if let fault = report.refusals.first { throw fault }
    return try said(of: rollback) ?? given
  }

  private func unjudged(_ rollback: Identifier) throws -> UnjudgedRollback? {
    guard let unjudged = try context.head().state.unjudged, unjudged.rollback == rollback else { return nil }
    return unjudged
  }

  /// Asks the gates until the time is over that a verdict is made from; another release may end it earlier.
  private func sample(during unjudged: inout UnjudgedRollback) async throws -> GateSamples {
    var samples = GateSamples()
    while true {
      let left = VerdictWindows(of: unjudged, policy).after.until - context.time.now()
      guard left > .zero else { break }
      waiting(left)
      try await GateSampler(context: context).sample(withReadiness: true, into: &samples)
      try await context.time.sleep(min(policy.step, left))
      guard let still = try self.unjudged(unjudged.rollback) else { break }
      unjudged = still
    }
    return (SignalWatch.note(of: context).last ?? GateSamples()).joined(with: samples)
  }

  private func said(of rollback: Identifier) throws -> VerdictGiven? {
    for event in try context.events(limit: VerdictGiven.mostEvents) {
      if case .verdict(let given) = event.payload, given.rollback == rollback { return given }
      if case .rollbackFinished(let finished) = event.payload, finished.rollback == rollback { return nil }
    }
    return nil
  }
}
