public import MooringModel

/// One of an environment's `signals`.
public struct SignalConfiguration: Sendable, Hashable {
  public var name: String
  public var query: PrometheusQuery
  public var better: Signal.Better
  /// The smallest change that counts.
  public var leastChange: Double

  public init(name: String, query: PrometheusQuery, better: Signal.Better = .lower, leastChange: Double = 0) {
    self.name = name
    self.query = query
    self.better = better
    self.leastChange = leastChange
  }
}

/// What an environment's rollbacks are judged by.
public struct SignalsConfiguration: Sendable, Hashable {
  public var signals: [SignalConfiguration]
  public var verdict: VerdictPolicy

  public init(signals: [SignalConfiguration] = [], verdict: VerdictPolicy = VerdictPolicy()) {
    self.signals = signals
    self.verdict = verdict
  }
}
