/// What takes no time: decisions about drift, quarantine, and what is only said.
extension AuditRecord {
  func decision(_ event: Event) -> AuditEntry? {
    switch event.payload {
    case .driftIgnored(let ignored):
      var entry = AuditEntry(.ignored, event, summary: "ignored" + (ignored.until.map { " until \($0)" } ?? ""))
      entry.object = ignored.object.string + (ignored.field.map { ":" + $0 } ?? "")
      entry.why = ignored.reason
      return entry
    case .adopted(let adopted):
      var entry = AuditEntry(.adoption, event, summary: "\(adopted.objects.count) adopted into \(adopted.branch)")
      entry.object = adopted.objects.count == 1 ? adopted.objects.first?.string : nil
      entry.commit = adopted.commit
      return entry
    case .rollbackRehearsed(let rehearsed):
      var entry = AuditEntry(.rollback, event, summary: "would have gone to \(rehearsed.to.label), and only said so")
      (entry.release, entry.revision, entry.why) = (rehearsed.to.label, rehearsed.to.revision, rehearsed.reason)
      (entry.until, entry.outcome) = (event.time, "rehearsed")
      return entry
    default: return nil
    }
  }

  /// What keeps a release out of production lasts until it is lifted, or until the same is in quarantine once more.
  mutating func quarantine(_ event: Event) -> AuditEntry? {
    switch event.payload {
    case .quarantine(let quarantined):
      var entry = AuditEntry(.quarantine, event, summary: "in quarantine")
      (entry.release, entry.revision) = (quarantined.number?.description, quarantined.revision)
      entry.why = quarantined.reason
      entry.lasts = true
      endQuarantine(of: quarantined.digest, event, "again in quarantine")
      quarantines[quarantined.digest] = entries.count
      return entry
    case .quarantineBlocked(let blocked):
      var entry = AuditEntry(.quarantine, event, summary: blocked.reason)
      (entry.release, entry.revision) = (blocked.release.label, blocked.release.revision)
      return entry
    case .quarantineLifted(let lifted):
      var entry = AuditEntry(.quarantine, event, summary: "quarantine of \(lifted.digest.short) lifted")
      entry.why = lifted.reason
      endQuarantine(of: lifted.digest, event, "lifted: \(lifted.reason)")
      return entry
    default: return nil
    }
  }

  private mutating func endQuarantine(of digest: ReleaseDigest, _ event: Event, _ outcome: String) {
    guard let place = quarantines.removeValue(forKey: digest) else { return }
    entries[place].until = event.time
    entries[place].outcome = outcome
    entries[place].endedBy = event.initiator.name
  }

  func remark(_ event: Event) -> AuditEntry? {
    switch event.payload {
    case .historyRewritten(let rewritten):
      let vanished = "\(rewritten.vanished.count) releases vanished"
      return AuditEntry(
        .historyRewritten, event, summary: "\(rewritten.was.short) became \(rewritten.now.short), \(vanished)")
    case .takeover(let takeover):
      return AuditEntry(.takeover, event, summary: "\(event.source) took over from \(takeover.from ?? "nobody")")
    case .anchored(let anchor):
      return AuditEntry(
        .anchor, event, summary: "\(anchor.head.short) time-stamped at \(anchor.time) by \(anchor.by)")
    case .union(let union):
      var entry = AuditEntry(
        .union, event,
        summary: "the journal at \(union.other.short), which was written elsewhere meanwhile, was taken in")
      entry.commit = union.other
      return entry
    case .acknowledged(let known):
      var entry = AuditEntry(.acknowledged, event, summary: "that \(known.head.short) isn't what the journal has")
      entry.commit = known.head
      entry.why = known.reason
      return entry
    case .alert(let alert): return AuditEntry(.alert, event, summary: alert.message)
    case .note(let note): return AuditEntry(.note, event, summary: note.text)
    default: return nil
    }
  }
}
