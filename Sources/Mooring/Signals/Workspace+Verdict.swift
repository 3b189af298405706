import MooringJournal
public import MooringModel

extension Workspace {
  /// Waits until the signals can say whether a rollback helped, and records what they say.
  ///
  /// Takes `settle` and `after` of the environment's `verdict`, and as long as its Prometheus servers may take to answer.
  ///
  /// - Parameter waiting: Told how long it still takes.
  /// - Returns: `nil` where it doesn't wait for a verdict: nobody is asked for signals, or its environment is another's.
  /// The watcher of an environment without `signals` judges by gates alone.
  public func verdict(
    on rollback: Identifier, of context: EnvironmentContext, by initiator: Initiator,
    observer: @escaping @Sendable (LoopNews) -> Void,
    waiting: @Sendable (Duration) -> Void
  ) async throws -> VerdictGiven? {
    guard !context.configuration.signals.signals.isEmpty, var unjudged = try context.head().state.unjudged,
      unjudged.rollback == rollback
    else { return nil }
    let policy = context.configuration.signals.verdict
    var samples = GateSamples()
    while true {
      let left = VerdictWindows(of: unjudged, policy).after.until - context.time.now()
      guard left > .zero else { break }
      waiting(left)
      try await GateSampler(context: context).sample(withReadiness: true, into: &samples)
      try await context.time.sleep(min(policy.step, left))
      guard let still = try context.head().state.unjudged, still.rollback == unjudged.rollback else { break }
      unjudged = still
    }
    if let said = try said(of: unjudged.rollback, context) { return said }
    let before = SignalWatch.note(of: context).last ?? GateSamples()
    let given = try await VerdictMaker(workspace: self, context: context).judge(
      unjudged, by: before.joined(with: samples))
    let report = try await record(context, .verdict(given), by: initiator, observer: observer)
    if let fault = report.refusals.first { throw fault }
    return try said(of: unjudged.rollback, context) ?? given
  }

  private func said(of rollback: Identifier, _ context: EnvironmentContext) throws -> VerdictGiven? {
    for event in try context.events(limit: VerdictGiven.mostEvents) {
      if case .verdict(let given) = event.payload, given.rollback == rollback { return given }
      if case .rollbackFinished(let finished) = event.payload, finished.rollback == rollback { return nil }
    }
    return nil
  }
}
