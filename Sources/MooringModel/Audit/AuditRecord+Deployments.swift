extension AuditRecord {
  mutating func take(_ release: Release, _ event: Event) {
    if let place = releases[release.number], entries[place].revision == release.revision {
      // The same, with another verdict on its signature.
      entries[place].signature = release.signature?.description
      (entries[place].outcome, entries[place].why) = (release.refusal == nil ? nil : "refused", release.refusal)
      return
    }
    var entry = AuditEntry(.change, event, summary: release.summary)
    (entry.by, entry.door) = (release.author, nil)
    (entry.release, entry.revision, entry.author) = (release.number.description, release.revision, release.author)
    entry.signature = release.signature?.description
    (entry.outcome, entry.why) = (release.refusal == nil ? nil : "refused", release.refusal)
    if let facts = commits[release.revision] {
      (entry.author, entry.committer, entry.merged) = (facts.author, facts.committer, facts.merged)
      (entry.approvedBy, entry.coAuthors) = (facts.approvedBy, facts.coAuthors)
      entry.pullRequest = facts.pullRequest
    }
    // A revert that production ran before it had a number.
    if live?.number == nil, let live, live.digest == release.digest {
      entry.reachedProduction = live.since
      self.live?.number = release.number
    }
    releases[release.number] = append(entry)
  }

  mutating func take(_ started: DeploymentStarted, _ event: Event) {
    let counts = "\(started.added) added, \(started.changed) changed, \(started.removed) removed"
    let what = started.trigger == .heal ? "put back \(started.drifts?.count ?? 0) changed by hand" : counts
    var entry = AuditEntry(.deployment, event, summary: what)
    (entry.release, entry.revision) = (started.release.label, started.release.revision)
    entry.why = started.trigger.description
    deployments[started.deployment] = append(entry)
    self.started[started.deployment] = started
  }

  mutating func take(_ gate: GateResult) {
    guard !gate.passed, let place = deployments[gate.deployment] else { return }
    entries[place].summary += "; gate \(gate.gate) failed" + (gate.detail.map { ": \($0)" } ?? "")
  }

  mutating func take(_ finished: DeploymentFinished, _ event: Event) {
    guard let place = deployments[finished.deployment],
      let started = self.started.removeValue(forKey: finished.deployment)
    else { return }
    entries[place].until = event.time
    entries[place].outcome = finished.outcome.rawValue
    if let detail = finished.detail { entries[place].summary += "; \(detail)" }
    guard started.trigger != .heal, finished.outcome == .verified || finished.live == started.release.digest,
      finished.outcome != .interrupted
    else { return }
    reach(started.release, by: started.trigger, at: event.reached)
  }

  /// Production runs another release; of those in between it has the commits, too, unless it went back.
  private mutating func reach(_ release: ReleaseReference, by trigger: Trigger, at time: Timestamp) {
    guard live?.digest != release.digest || live?.number != release.number else { return }
    let before = live?.number
    if let before, before != release.number, let place = releases[before] { entries[place].leftProduction = time }
    live = Live(digest: release.digest, since: time, number: release.number)
    guard let number = release.number else { return }
    var first = number.value
    if !trigger.isRestoring, let before, before < number { first = before.value + 1 }
    for value in first...number.value {
      guard let place = releases[ReleaseNumber(value)], entries[place].reachedProduction == nil,
        entries[place].outcome != "refused"
      else { continue }
      entries[place].reachedProduction = time
      if value < number.value { entries[place].leftProduction = time }
    }
    if let place = releases[number] { entries[place].leftProduction = nil }
  }

  mutating func take(_ started: RollbackStarted, _ event: Event) {
    let to = started.to.restores?.description ?? started.to.label
    let count = started.undone.count
    var entry = AuditEntry(
      .rollback, event,
      summary: "\(started.automatic ? "automatic, " : "")from \(started.from?.label ?? "nothing") to \(to),"
        + " undoes \(count) commit\(count == 1 ? "" : "s")")
    entry.release = to
    entry.revision = started.to.revision
    entry.commit = started.revert?.commit
    entry.why = started.reason
    rollbacks[started.rollback] = append(entry)
  }

  mutating func take(_ finished: RollbackFinished, _ event: Event) {
    guard let place = rollbacks[finished.rollback] else { return }
    entries[place].until = event.time
    entries[place].outcome = finished.outcome.rawValue
    let more = [finished.verdict, finished.detail].compactMap { $0 }
    if !more.isEmpty { entries[place].summary += "; " + more.joined(separator: "; ") }
  }

  mutating func take(_ started: DrillStarted, _ event: Event) {
    var entry = AuditEntry(.drill, event, summary: "from \(started.from.label) to \(started.to.label) and back")
    (entry.release, entry.revision) = (started.from.label, started.from.revision)
    drills[started.drill] = append(entry)
  }

  mutating func take(_ finished: DrillFinished, _ event: Event) {
    guard let place = drills[finished.drill] else { return }
    entries[place].until = event.time
    entries[place].outcome = finished.outcome.rawValue
    if !finished.returned { entries[place].summary += "; it didn't return" }
    if let detail = finished.detail { entries[place].summary += "; " + detail }
  }
}
