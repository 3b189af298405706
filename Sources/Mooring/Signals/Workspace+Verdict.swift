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
    waiting: @escaping @Sendable (Duration) -> Void
  ) async throws -> VerdictGiven? {
    try await VerdictWait(workspace: self, context: context, waiting: waiting).verdict(
      on: rollback, by: initiator, observer: observer)
  }
}
