import FoundationEssentials
import MooringModel
import Testing

/// Recorded series, and what is made of them. The bad release ran from second 100 to 200; production is back at 202.
@Suite("Whether a rollback helped") struct VerdictTests {
  private static let policy = VerdictPolicy(
    before: .seconds(100), after: .seconds(50), settle: .seconds(8), step: .seconds(5), sample: .seconds(5))

  private static func second(_ second: Int) -> Timestamp { morning.advanced(by: .seconds(second)) }

  private let rollback = UnjudgedRollback(
    rollback: identifier("R1"), from: nil, badSince: second(100), started: second(200), restored: second(202))

  /// Values every five seconds of the time before the bad release, with it, and after it, repeated.
  private static func signal(
    _ baseline: [Double], _ before: [Double], _ after: [Double], better: Signal.Better = .lower,
    source: Signal.Source = .prometheus, leastChange: Double = 0, name: String = "errors"
  ) -> Signal {
    func every5(_ from: Int, _ to: Int, _ values: [Double]) -> [SignalSample] {
      guard !values.isEmpty else { return [] }
      return stride(from: from, to: to, by: 5).enumerated().map { index, at in
        SignalSample(at: second(at), value: values[index % values.count])
      }
    }
    return Signal(
      name: name, source: source, better: better, leastChange: leastChange,
      samples: every5(0, 100, baseline) + every5(100, 210, before) + every5(210, 260, after))
  }

  struct Recording: CustomStringConvertible {
    var description: String
    var signals: [Signal]
    var verdict: Verdict
    var movements: [SignalJudgement.Movement]
  }

  static let recordings: [Recording] = [
    Recording(
      description: "errors go away", signals: [signal([0, 0.01], [0.2, 0.25, 0.22], [0, 0.01])], verdict: .recovered,
      movements: [.improved]),
    Recording(
      description: "errors stay", signals: [signal([0, 0.01], [0.2, 0.25, 0.22], [0.21, 0.24, 0.22])],
      verdict: .noChange, movements: [.unchanged]),
    Recording(
      description: "errors become more", signals: [signal([0, 0.01], [0.2, 0.25], [0.6, 0.7])], verdict: .worse,
      movements: [.worsened]),
    Recording(
      description: "what should be high comes back",
      signals: [signal([100, 110], [20, 30], [95, 105], better: .higher)],
      verdict: .recovered, movements: [.improved]),
    Recording(
      description: "what should be high falls", signals: [signal([100, 110], [90, 100], [20, 30], better: .higher)],
      verdict: .worse, movements: [.worsened]),
    Recording(
      description: "less than half of the way back", signals: [signal([0, 0.01], [0.5, 0.52], [0.35, 0.37])],
      verdict: .noChange, movements: [.partly]),
    Recording(
      description: "certain, and too small to matter: under a quarter",
      signals: [signal([], [1.0, 1.02], [0.9, 0.92])],
      verdict: .noChange, movements: [.unchanged]),
    Recording(
      description: "certain, and below the least change",
      signals: [signal([], [0.004, 0.005], [0.001, 0.002], leastChange: 0.01)], verdict: .noChange,
      movements: [.unchanged]),
    Recording(
      description: "noise of the same kind", signals: [signal([1, 9, 4, 6], [2, 8, 5, 3], [7, 2, 9, 4])],
      verdict: .noChange, movements: [.unchanged]),
    Recording(
      description: "no values after", signals: [signal([0], [0.2, 0.3], [])], verdict: .notEnoughData,
      movements: [.unknown]),
    Recording(description: "no signals", signals: [], verdict: .notEnoughData, movements: []),
    Recording(
      description: "errors go away, latency rises: worse counts",
      signals: [signal([0], [0.2, 0.3], [0]), signal([10], [11, 12], [90, 95], name: "latency")], verdict: .worse,
      movements: [.improved, .worsened]),
    Recording(
      description: "one is better and one has no data",
      signals: [signal([0], [0.2, 0.3], [0]), signal([], [], [], name: "queue")], verdict: .recovered,
      movements: [.improved, .unknown]),
    Recording(
      description: "a gate that failed holds", signals: [signal([0], [1], [0], source: .gate)], verdict: .recovered,
      movements: [.improved]),
    Recording(
      description: "gates that held all the time say nothing",
      signals: [signal([0], [0], [0], source: .gate), signal([5, 6], [6, 5], [5, 6], source: .latency)],
      verdict: .notEnoughData, movements: [.unchanged, .unchanged]),
    Recording(
      description: "all zero before and after", signals: [signal([0], [0], [0])], verdict: .noChange,
      movements: [.unchanged]),
    Recording(
      description: "one outlier among good values", signals: [signal([1], [1, 1, 1, 1, 900], [1])], verdict: .noChange,
      movements: [.unchanged]),
  ]

  @Test(arguments: recordings) func isReachedAsTheTableSays(_ recording: Recording) {
    let given = VerdictGiven(on: rollback, by: recording.signals, Self.policy)
    #expect(given.verdict == recording.verdict, "\(given.why)")
    #expect(given.signals.map(\.movement) == recording.movements)
  }

  @Test func saysPlainlyThatTheReleaseMayNotBeTheCause() throws {
    let other = OtherChange(
      at: Self.second(90), environment: try EnvironmentName("payments"), what: "deploying v7", sharedInputs: ["base"])
    let given = VerdictGiven(
      on: rollback, by: [Self.signal([0], [0.2, 0.25], [0.21, 0.24])], Self.policy, meanwhile: [other])
    #expect(given.why == "the release may not be the cause: errors 0.225 → 0.225")
    #expect(given.meanwhile == [other])
  }

  @Test func drawsTheCourseWithTheRollbackInIt() throws {
    let given = VerdictGiven(on: rollback, by: [Self.signal([0], [8], [0])], Self.policy)
    let line = try #require(given.signals.first).sparkline
    #expect(line == "▁▁▁▁▁▁▁▁▁▁▁▁█████████████│██▁▁▁▁▁▁" || line.count == 33, "\(line)")
    #expect(line.contains("█│█") && line.hasPrefix("▁▁▁") && line.hasSuffix("▁▁▁"), "\(line)")
  }

  @Test func whatCameWithANewerReleaseDoesntCount() {
    var overtaken = rollback
    overtaken.until = Self.second(225)
    let windows = VerdictWindows(of: overtaken, Self.policy)
    #expect(windows.after == Window(since: Self.second(210), until: Self.second(225)))
    #expect(windows.before == Window(since: Self.second(100), until: Self.second(200)))
    #expect(windows.baseline == Window(since: Self.second(0), until: Self.second(100)))
  }

  @Test func aBadReleaseThatRanForLongIsLookedAtForSoLongOnly() {
    var old = rollback
    old.badSince = Self.second(-5000)
    #expect(VerdictWindows(of: old, Self.policy).before.since == Self.second(100))
    old.badSince = nil
    #expect(VerdictWindows(of: old, Self.policy).baseline == nil)
  }

  // MARK: The state

  @Test func aRollbackWaitsForItsVerdictFromItsEndOn() throws {
    var story = Story()
    try story.deploy(1)
    story.now = Self.second(100)
    try story.deploy(2)
    story.now = Self.second(200)
    try story.reverted(to: 1, automatic: false, by: ann)
    try story.pushed(to: 1)
    #expect(story.state.unjudged == nil)
    story.now = Self.second(202)
    try story.restored(to: 1)
    let unjudged = try #require(story.state.unjudged)
    #expect(unjudged.badSince == Self.second(100) && unjudged.started == Self.second(200))
    #expect(unjudged.restored == Self.second(202) && unjudged.until == nil && unjudged.from == v(2))
    story.now = Self.second(230)
    try story.record(.release(release(3)))
    try story.planned("deployment-3", v(3), .revision)
    #expect(story.state.unjudged?.until == Self.second(230))
    let given = VerdictGiven(on: unjudged, by: [], Self.policy)
    #expect(try story.hear(.asked(.verdict(given), by: .watcher)) == ["+ verdict"])
    #expect(story.state.unjudged == nil)
    #expect(try story.hear(.asked(.verdict(given), by: .watcher)) == [], "it was said already")
  }

  @Test func pathsAreSharedWhereOneLiesInTheOther() {
    #expect(OtherChange.shared(["base", "production"], ["base/db", "staging"]) == ["base/db"])
    #expect(OtherChange.shared(["."], ["staging"]) == ["staging"])
    #expect(OtherChange.shared(["base"], ["base2"]) == [])
  }
}
