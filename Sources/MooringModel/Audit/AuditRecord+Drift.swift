extension AuditRecord {
  mutating func take(_ detected: DriftDetected, _ event: Event) {
    if let window = detected.unattended { note(window, event) }
    for drift in detected.drifts {
      var entry = AuditEntry(.drift, event, since: drift.changed, summary: drift.difference.summary)
      entry.release = detected.release?.label
      describe(drift, in: &entry)
      // What was written and is as it was has ended with that.
      if drift.difference.kind == .touched { (entry.until, entry.outcome) = (event.time, "as it was") }
      drifts[drift.id] = append(entry)
    }
  }

  mutating func take(_ changed: DriftChanged, _ event: Event) {
    if let window = changed.unattended { note(window, event) }
    for drift in changed.drifts {
      guard let place = drifts[drift.id] else { continue }
      entries[place].summary = drift.difference.summary
      describe(drift, in: &entries[place])
    }
  }

  private func describe(_ drift: Drift, in entry: inout AuditEntry) {
    (entry.by, entry.door) = (drift.attribution?.description, nil)
    entry.object = drift.object.string
    entry.fields = drift.difference.fields
  }

  mutating func take(_ resolved: DriftResolved, _ event: Event) {
    for item in resolved.drifts {
      // What was adopted is resolved once more when it is deployed.
      guard let place = drifts[item.id], entries[place].outcome == nil else { continue }
      entries[place].until = event.time
      entries[place].outcome = resolved.how.rawValue
      entries[place].endedBy = resolved.how == .undone ? resolved.attribution?.description : event.initiator.name
      entries[place].commit = resolved.commit
    }
  }

  mutating func take(_ fought: DriftFought) {
    guard let place = fought.drift.flatMap({ drifts[$0] }) else { return }
    entries[place].summary += "; it was put back \(fought.heals) times before, and changed again"
  }

  /// Several events may tell of the same time.
  mutating func note(_ window: Window, _ event: Event) {
    guard gaps.insert(window).inserted else { return }
    var entry = AuditEntry(
      .gap, event, since: window.since, summary: "nobody watched for \(Self.length(window.until - window.since))")
    entry.until = window.until
    entry.by = nil
    append(entry)
  }

  /// Nobody watches now; what the journal will tell of it is told as far as it goes.
  public mutating func note(unwatchedSince since: Timestamp, until now: Timestamp, _ last: Event) {
    var entry = AuditEntry(
      .gap, last, since: since, summary: "nobody watches, for \(Self.length(now - since)) by now")
    (entry.by, entry.door) = (nil, nil)
    append(entry)
  }

  /// `3 d 4 h`, `12 min`, `8 s`: the two largest parts.
  static func length(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")]
    let shown = parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
    return shown.isEmpty ? "0 s" : shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }
}
