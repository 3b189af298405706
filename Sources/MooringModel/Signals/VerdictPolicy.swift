/// How long an environment's signals are looked at around a rollback.
public struct VerdictPolicy: Hashable, Sendable {
  /// How far back: of the time in which the bad release ran, and of the time before it.
  public var before: Duration
  /// How long after production is back.
  public var after: Duration
  /// How long signals take to show it: not shorter than the ranges in their queries.
  public var settle: Duration
  /// Between two values.
  public var step: Duration
  /// How often the watcher asks HTTP gates, so that something is known of the time before.
  public var sample: Duration

  public init(
    before: Duration = .seconds(300), after: Duration = .seconds(60), settle: Duration = .seconds(15),
    step: Duration = .seconds(5), sample: Duration = .seconds(15)
  ) {
    self.before = before
    self.after = after
    self.settle = settle
    self.step = step
    self.sample = sample
  }

  /// Values of one signal that are asked for at most.
  public static let mostValues = 2_000

  /// How many values of a signal this comes to, about.
  public var values: Int { Int((before * 2 + settle + after) / max(step, .milliseconds(1))) }
}

/// The times that are compared.
public struct VerdictWindows: Hashable, Sendable, Codable {
  /// Before the bad release; `nil` where it isn't known when that came.
  public var baseline: Window?
  /// The bad release, up to the rollback.
  public var before: Window
  /// The rollback, and until signals can show it.
  public var during: Window
  public var after: Window

  public init(of rollback: UnjudgedRollback, _ policy: VerdictPolicy) {
    let started = rollback.started
    let first = started.advanced(by: .zero - policy.before)
    let bad = rollback.badSince.map { min($0, started) }
    before = Window(since: max(first, bad ?? first), until: started)
    baseline = bad.map { Window(since: $0.advanced(by: .zero - policy.before), until: $0) }
    let settled = rollback.restored.advanced(by: policy.settle)
    let end = settled.advanced(by: policy.after)
    let last = rollback.until.map { max(settled, min(end, $0)) } ?? end
    during = Window(since: started, until: settled)
    after = Window(since: settled, until: last)
  }

  /// All of them.
  public var whole: Window { Window(since: baseline?.since ?? before.since, until: after.until) }
}

/// A rollback that has ended, and of which it isn't known yet whether it helped.
public struct UnjudgedRollback: Hashable, Sendable, Codable {
  public var rollback: Identifier
  public var from: ReleaseReference?
  /// When the release that was rolled back began to run.
  public var badSince: Timestamp?
  public var started: Timestamp
  public var restored: Timestamp
  /// When another release was deployed: what was measured from then on is about that one.
  public var until: Timestamp?

  public init(
    rollback: Identifier, from: ReleaseReference?, badSince: Timestamp?, started: Timestamp, restored: Timestamp,
    until: Timestamp? = nil
  ) {
    self.rollback = rollback
    self.from = from
    self.badSince = badSince
    self.started = started
    self.restored = restored
    self.until = until
  }
}
