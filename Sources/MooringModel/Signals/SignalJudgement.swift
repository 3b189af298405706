/// What one signal says about a rollback, with its numbers.
public struct SignalJudgement: Hashable, Sendable, Codable {
  public enum Movement: String, Hashable, Sendable, Codable {
    case improved
    /// Better, but less than half of the way back to where it was before the bad release.
    case partly
    case worsened, unchanged
    /// Too few values.
    case unknown
  }

  /// A time's values in one number.
  public struct Level: Hashable, Sendable, Codable {
    public var count: Int
    public var value: Double?
  }

  public var name: String
  public var source: Signal.Source
  public var better: Signal.Better
  public var movement: Movement
  public var baseline: Level?
  public var before: Level
  public var during: Level
  public var after: Level
  /// Of the rank test of before and after; `nil` where there are too few values.
  public var probability: Double?
  public var effect: Double?
  /// The values from the first to the last, in equal times; `nil` where there are none.
  public var points: [Double?]
  /// Which of the points has the beginning of the rollback.
  public var mark: Int
  /// Why values are missing.
  public var problem: String?

  /// Values of each side, without which nothing is said: with fewer the test could not reach ``certainty``.
  public static let leastValues = 5
  /// The probability below which a difference counts: stricter than the usual 0.05, since few samples are compared.
  public static let certainty = 0.02
  /// The effect from which on it counts: *large* by J. Romano and others, *Appropriate statistics for ordinal level data*
  /// (2006).
  public static let leastEffect = 0.474
  /// The share of the larger level by which the levels must differ; Kayenta's tolerance.
  public static let tolerance = 0.25

  public init(_ signal: Signal, in windows: VerdictWindows) {
    func level(_ window: Window) -> Level {
      let values = signal.values(in: window)
      return Level(count: values.count, value: signal.level(of: values).map(SignalNumber.rounded))
    }
    (name, source, better, problem) = (signal.name, signal.source, signal.better, signal.problem)
    baseline = windows.baseline.map(level)
    (before, during, after) = (level(windows.before), level(windows.during), level(windows.after))
    let spark = SignalPoints(signal, in: windows)
    (points, mark) = (spark.points, spark.mark)
    movement = .unknown
    guard min(before.count, after.count) >= Self.leastValues,
      let test = RankTest(signal.values(in: windows.before), signal.values(in: windows.after))
    else { return }
    (probability, effect) = (test.probability, test.effect)
    movement = judged(by: test, leastChange: signal.leastChange)
  }

  private func judged(by test: RankTest, leastChange: Double) -> Movement {
    guard let old = before.value, let new = after.value else { return .unknown }
    let change = abs(new - old)
    guard test.probability < Self.certainty, abs(test.effect) >= Self.leastEffect,
      change >= leastChange, change >= Self.tolerance * max(abs(old), abs(new)), change > 0
    else { return .unchanged }
    guard (test.effect < 0) == (better == .lower) else { return .worsened }
    return (wayBack ?? 1) < 0.5 ? .partly : .improved
  }

  /// How much of the way back to the baseline was made: 1 is all of it. `nil` where there is no way back to speak of.
  public var wayBack: Double? {
    guard let baseline, baseline.count >= Self.leastValues, let good = baseline.value, let old = before.value,
      let new = after.value
    else { return nil }
    let way = better == .lower ? old - good : good - old
    guard way > 0 else { return nil }
    return (better == .lower ? old - new : new - old) / way
  }

  /// Whether it is a gate that held all the time: it shows nothing of what was wrong.
  var isSilent: Bool {
    switch source {
    case .gate: before.value == 0 && after.value == 0
    case .latency: movement == .unchanged
    case .prometheus: false
    }
  }

  /// `errors 0.21 → 0.01`
  public var summary: String {
    func text(_ level: Level) -> String { level.value.map { SignalNumber.text($0, of: source) } ?? "no data" }
    return "\(name) \(text(before)) → \(text(after))"
  }

  /// The values as a row of bars; `│` stands where the rollback began.
  public var sparkline: String { Sparkline.text(points, mark: mark) }
}
