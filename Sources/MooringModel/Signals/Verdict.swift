/// Whether a rollback helped.
public enum Verdict: String, Hashable, Sendable, Codable {
  case recovered
  case noChange = "no change"
  case worse
  case notEnoughData = "not enough data"
}

/// Whether a rollback helped, and what says so. Later than the end of the rollback, because signals take their time.
public struct VerdictGiven: Hashable, Sendable, Codable {
  public var rollback: Identifier
  public var verdict: Verdict
  /// One sentence.
  public var why: String
  public var windows: VerdictWindows
  public var signals: [SignalJudgement]
  /// What else changed at that time, oldest first; at most ``mostChanges``.
  public var meanwhile: [OtherChange]
  /// How many more there were.
  public var more: Int

  public static let mostChanges = 30

  /// Judges a rollback by signals.
  public init(
    on rollback: UnjudgedRollback, by signals: [Signal], _ policy: VerdictPolicy, meanwhile: [OtherChange] = []
  ) {
    self.rollback = rollback.rollback
    windows = VerdictWindows(of: rollback, policy)
    let windows = windows
    self.signals = signals.map { SignalJudgement($0, in: windows) }
    self.meanwhile = Array(meanwhile.prefix(Self.mostChanges))
    more = max(0, meanwhile.count - Self.mostChanges)
    (verdict, why) = Self.judge(self.signals)
  }

  private static func judge(_ signals: [SignalJudgement]) -> (Verdict, String) {
    func named(_ movement: SignalJudgement.Movement...) -> [String] {
      signals.filter { movement.contains($0.movement) }.map(\.summary)
    }
    let worsened = named(.worsened)
    if !worsened.isEmpty { return (.worse, "worse than with the release that was rolled back: \(list(worsened))") }
    let improved = named(.improved)
    if !improved.isEmpty { return (.recovered, list(improved)) }
    let known = signals.filter { $0.movement != .unknown }
    guard !known.isEmpty else {
      let least = SignalJudgement.leastValues
      return (.notEnoughData, "no signal has \(least) values before the rollback and \(least) after it")
    }
    guard !known.allSatisfy(\.isSilent) else {
      return (.notEnoughData, "the gates held all the time, so they don't show what was wrong; `signals` could")
    }
    let partly = named(.partly)
    let how = partly.isEmpty ? list(named(.unchanged)) : "less than half of the way back: \(list(partly))"
    return (.noChange, "the release may not be the cause: \(how)")
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", and \(names.count - 4) more" : "")
  }
}

/// Something besides a rollback that changed at the same time.
public struct OtherChange: Hashable, Sendable, Codable {
  public var at: Timestamp
  public var environment: EnvironmentName
  public var what: String
  /// Inputs that the environment has in common with the one that was rolled back; absent where there are none.
  public var sharedInputs: [String]?

  public init(at: Timestamp, environment: EnvironmentName, what: String, sharedInputs: [String]? = nil) {
    self.at = at
    self.environment = environment
    self.what = what
    self.sharedInputs = sharedInputs
  }

  /// Whether an event says that production changed by something that isn't the rollback itself.
  public static func isOne(_ event: Event, besides rollback: Identifier, ofItself: Bool) -> Bool {
    switch event.payload {
    case .driftDetected, .driftChanged, .driftIgnored, .adopted, .historyRewritten: true
    case .deploymentStarted(let started):
      started.trigger == .heal ? false : !ofItself && started.trigger != .rollback(rollback)
    case .rollbackStarted(let started): started.rollback != rollback
    default: false
    }
  }

  /// Paths of two environments of which one lies in the other.
  public static func shared(_ paths: [String], _ others: [String]) -> [String] {
    others.filter { other in
      paths.contains {
        $0 == "." || other == "." || $0 == other || $0.hasPrefix(other + "/") || other.hasPrefix($0 + "/")
      }
    }
  }
}
