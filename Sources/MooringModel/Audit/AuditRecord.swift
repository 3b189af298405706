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
  var drifts: [Identifier: Int] = [:]
  var holds: [Int] = []
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
    case .revertPushed(let pushed):
      amend(pushed.rollback) { entry in
        entry.commit = pushed.landed
        entry.endedBy = nil
      }
    case .rollbackFinished(let finished): take(finished, event)
    case .driftDetected(let detected): take(detected, event)
    case .driftChanged(let changed): take(changed, event)
    case .driftResolved(let resolved): take(resolved, event)
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
    switch event.payload {
    case .driftIgnored(let ignored):
      var entry = AuditEntry(.ignored, event, summary: "ignored" + (ignored.until.map { " until \($0)" } ?? ""))
      entry.object = ignored.object.string + (ignored.field.map { ":" + $0 } ?? "")
      entry.why = ignored.reason
      append(entry)
    case .adopted(let adopted):
      var entry = AuditEntry(.adoption, event, summary: "\(adopted.objects.count) adopted into \(adopted.branch)")
      entry.object = adopted.objects.count == 1 ? adopted.objects.first?.string : nil
      entry.commit = adopted.commit
      append(entry)
    case .quarantine(let quarantined):
      var entry = AuditEntry(.quarantine, event, summary: "in quarantine")
      (entry.release, entry.revision) = (quarantined.number?.description, quarantined.revision)
      entry.why = quarantined.reason
      append(entry)
    case .quarantineBlocked(let blocked):
      var entry = AuditEntry(.quarantine, event, summary: blocked.reason)
      (entry.release, entry.revision) = (blocked.release.label, blocked.release.revision)
      append(entry)
    case .rollbackRehearsed(let rehearsed):
      var entry = AuditEntry(.rollback, event, summary: "would have gone to \(rehearsed.to.label), and only said so")
      (entry.release, entry.revision, entry.why) = (rehearsed.to.label, rehearsed.to.revision, rehearsed.reason)
      (entry.until, entry.outcome) = (event.time, "rehearsed")
      append(entry)
    case .quarantineLifted(let lifted):
      var entry = AuditEntry(.quarantine, event, summary: "quarantine of \(lifted.digest.short) lifted")
      entry.why = lifted.reason
      append(entry)
    case .historyRewritten(let rewritten):
      append(
        AuditEntry(
          .historyRewritten, event,
          summary: "\(rewritten.was.short) became \(rewritten.now.short), \(rewritten.vanished.count) releases vanished"
        ))
    case .takeover(let takeover):
      append(AuditEntry(.takeover, event, summary: "\(event.source) took over from \(takeover.from ?? "nobody")"))
    case .anchored(let anchor):
      append(AuditEntry(.anchor, event, summary: "\(anchor.head.short) time-stamped at \(anchor.time) by \(anchor.by)"))
    case .alert(let alert): append(AuditEntry(.alert, event, summary: alert.message))
    case .note(let note): append(AuditEntry(.note, event, summary: note.text))
    default: break
    }
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
