/// Everything that happened to an environment, each thing once: joined from the journal's events, and what Git says of the
/// commits that they name.
public struct AuditRecord: Sendable {
  /// In the order in which they began.
  public internal(set) var entries: [AuditEntry] = []
  let commits: [Revision: CommitFacts]

  // Places in `entries` of what may still be told more of.
  var releases: [ReleaseNumber: Int] = [:]
  var deployments: [Identifier: Int] = [:]
  var rollbacks: [Identifier: Int] = [:]
  var drills: [Identifier: Int] = [:]
  var drifts: [Identifier: Int] = [:]
  var holds: [Int] = []
  var quarantines: [ReleaseDigest: Int] = [:]
  var gaps: Set<Window> = []
  /// What was about to be deployed, by deployment.
  var started: [Identifier: DeploymentStarted] = [:]
  var live: Live?

  /// What production runs.
  struct Live {
    var digest: ReleaseDigest
    var since: Timestamp
    /// `nil` while a revert has no number yet.
    var number: ReleaseNumber?
  }

  /// - Parameters:
  ///   - events: The whole journal, oldest first.
  ///   - commits: What is known of the commits of releases.
  public init(joining events: some Sequence<Event>, commits: [Revision: CommitFacts] = [:]) {
    self.commits = commits
    for event in events { take(event) }
  }

  /// What lies in a period.
  public func entries(in period: AuditPeriod) -> [AuditEntry] {
    entries.filter { $0.overlaps(period) }.sorted { ($0.since, $0.event) < ($1.since, $1.event) }
  }

  private mutating func take(_ event: Event) {
    switch event.payload {
    case .release(let release): take(release, event)
    case .deploymentStarted(let started): take(started, event)
    case .gate(let gate): take(gate)
    case .deploymentFinished(let finished): take(finished, event)
    case .rollbackStarted(let started): take(started, event)
    case .revertOwed(let owed): amend(owed.rollback) { $0.endedBy = "revert owed: \(owed.why)" }
    case .revertProposed(let proposed):
      amend(proposed.rollback) { $0.endedBy = "revert waits in \(proposed.request.description)" }
    case .revertDeclined(let declined):
      amend(declined.rollback) { $0.endedBy = "revert owed: \(declined.request.description) was closed unmerged" }
    case .verdict(let given):
      amend(given.rollback) { $0.summary += "; verdict: \(given.verdict.rawValue): \(given.why)" }
    case .revertPushed(let pushed):
      amend(pushed.rollback) { entry in
        entry.commit = pushed.landed
        entry.endedBy = nil
      }
    case .rollbackFinished(let finished): take(finished, event)
    case .drillStarted(let started): take(started, event)
    case .drillFinished(let finished): take(finished, event)
    case .driftDetected(let detected): take(detected, event)
    case .driftChanged(let changed): take(changed, event)
    case .driftResolved(let resolved): take(resolved, event)
    case .driftFought(let fought): take(fought)
    case .unattended(let window): note(window, event)
    case .hold, .resume: takeHold(event)
    default: takeOther(event)
    }
  }

  private mutating func takeHold(_ event: Event) {
    if case .hold(let hold) = event.payload {
      var entry = AuditEntry(.hold, event, summary: "held (\(hold.cause.rawValue))")
      entry.why = hold.reason
      holds.append(append(entry))
    } else if case .resume(let resume) = event.payload {
      for place in holds {
        entries[place].until = event.time
        entries[place].endedBy = event.initiator.name
        entries[place].outcome = "resumed: \(resume.reason)"
      }
      holds = []
    }
  }

  /// What begins and ends at once.
  private mutating func takeOther(_ event: Event) {
    if let entry = decision(event) ?? quarantine(event) ?? remark(event) { append(entry) }
  }

  @discardableResult
  mutating func append(_ entry: AuditEntry) -> Int {
    entries.append(entry)
    return entries.count - 1
  }

  private mutating func amend(_ rollback: Identifier?, _ change: (inout AuditEntry) -> Void) {
    guard let place = rollback.flatMap({ rollbacks[$0] }) else { return }
    change(&entries[place])
  }
}
