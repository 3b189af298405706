public import MooringModel

/// What an environment asks of changes and of its readiness.
public struct ReadinessPolicy: Hashable, Sendable {
  public var severities: [Rule: Severity]
  public var waivers: [Waiver]
  /// Folders of migrations in the repository, besides those among the inputs.
  public var migrations: [String]
  /// Where the repository has code that works with the database, besides the inputs.
  public var code: [String]
  /// How many releases back one has to be able to go.
  public var retain: Int
  public var thresholds: Thresholds
  public var backup: BackupPolicy?
  /// How often the watcher looks whether one can go back, besides after each release; `nil` where it doesn't.
  public var every: Duration?

  public init(
    severities: [Rule: Severity] = [:], waivers: [Waiver] = [], migrations: [String] = [], code: [String] = [],
    retain: Int = 3, thresholds: Thresholds = Thresholds()
  ) {
    self.severities = severities
    self.waivers = waivers
    self.migrations = migrations
    self.code = code
    self.retain = retain
    self.thresholds = thresholds
  }

  /// How much one release may change at once.
  public struct Thresholds: Hashable, Sendable {
    /// Services whose configuration changes.
    public var services: Int
    /// Kinds of change: schema, application, infrastructure.
    public var kinds: Int

    public init(services: Int = 5, kinds: Int = 1) {
      self.services = services
      self.kinds = kinds
    }
  }

  /// Findings as this policy sees them: without those that are off, the gravest first, and with their waivers.
  public func judge(_ findings: some Sequence<Finding>, at now: Timestamp) -> [Finding] {
    var judged: [Finding] = []
    for var finding in findings {
      finding.severity = severities[finding.rule] ?? finding.rule.severity
      guard finding.severity != .off else { continue }
      let fitting = waivers.filter { $0.rule == finding.rule && $0.place?.covers(finding.place) ?? true }
      finding.waived = fitting.first { $0.until > now }
      if finding.waived == nil, let ended = fitting.first {
        finding.why += " (it was waived until \(ended.until): \(ended.reason))"
      }
      judged.append(finding)
    }
    return judged.enumerated().sorted { a, b in
      if a.element.counts != b.element.counts { return a.element.counts }
      if a.element.severity != b.element.severity { return a.element.severity > b.element.severity }
      return a.offset < b.offset
    }.map(\.element)
  }
}
