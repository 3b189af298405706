import FoundationEssentials
import Git
import MooringJournal
import MooringModel

extension AuditVerifier {
  /// Says what the signatures prove, after all commits were looked at.
  func finish(
    _ signatures: JournalSignatures?, _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) async throws {
    guard let signatures else {
      guard journal.signing == nil else { return }
      report.unproved.append("who wrote it: `journal.sign` isn't configured, so nobody signs, or nobody checks")
      return
    }
    for finding in try await signatures.finish() { walk.note(finding) }
    guard signatures.signed > 0 else {
      report.unproved.append("who wrote it: no commit is signed")
      return
    }
    report.proved.append("\(signatures.signed) commits are signed by keys that are allowed to, as `ssh-keygen` says")
    if signatures.excused > 0 {
      report.unproved.append(
        "who wrote the first \(signatures.excused): they are from before `journal.sign.since`, and needn't be signed")
    }
    report.unproved.append(
      "that the newest events weren't cut off, by the signatures alone; and nothing against who has the key")
  }

  /// Verifies every time-stamp, and that none is missing.
  func checkStamps(
    _ stamps: StampedTimes, _ reach: JournalReach, _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) async throws {
    guard let timestamps = journal.timestamps else {
      report.unproved.append("when it was written: no time-stamping authority is configured (`journal.timestamp`)")
      return
    }
    let authority = TimestampAuthority(configuration: timestamps)
    var good: [StampedTimes.Stamp] = []
    for var stamp in stamps.stamps where try reach.holds(stamp.anchored.head.object) != nil {
      do {
        stamp.time = try await verified(stamp, authority, reach.line)
        good.append(stamp)
      } catch let fault as Fault {
        walk.note(AuditFinding(.anchor, commit: stamp.commit.hex, event: stamp.event, fault.description))
      }
    }
    for finding in stamps.uncovered(by: good, timestamps) { walk.note(finding) }
    if let first = good.first, let last = good.last {
      report.proved.append(
        "\(good.count) time-stamps by \(first.anchored.by): what stands before each was written before it, the newest at \(last.time)"
      )
    }
    if let since = timestamps.since {
      report.unproved.append(
        "when events were written that say that it was before \(since) (`journal.timestamp.since`)")
    }
    report.unproved.append("by time-stamps alone: that nothing after the newest one was changed or cut off")
  }

  private func verified(
    _ stamp: StampedTimes.Stamp, _ authority: TimestampAuthority, _ chain: Set<ObjectID>
  ) async throws -> Timestamp {
    let head = try stamp.anchored.head.object
    guard chain.contains(head) else {
      throw Fault(.journal, "it time-stamps \(stamp.anchored.head.short), which the journal doesn't have")
    }
    guard try TimestampAuthority.digest(of: head, in: git) == stamp.anchored.digest,
      let token = Data(base64Encoded: stamp.anchored.token)
    else { throw Fault(.journal, "its digest isn't that of \(stamp.anchored.head.short)") }
    return try await authority.verify(Array(token), of: stamp.anchored.digest)
  }
}

/// Which time-stamps a journal has, and which of its events they cover.
struct StampedTimes {
  /// A time-stamp, as an event tells of it.
  struct Stamp {
    var commit: ObjectID
    var event: Event
    var anchored: Anchored
    /// How many events it covers: those up to the head that it is about.
    var covers: Int
    var time: Timestamp
  }

  private(set) var stamps: [Stamp] = []
  private var places: [ObjectID: Int] = [:]
  private var events: [(commit: ObjectID, event: Identifier, kind: String, time: Timestamp)] = []

  mutating func take(_ commit: ObjectID, _ events: [Event]) {
    for event in events {
      if case .anchored(let anchored) = event.payload, let head = ObjectID(bytes: anchored.head.bytes) {
        stamps.append(
          Stamp(commit: commit, event: event, anchored: anchored, covers: places[head] ?? 0, time: anchored.time))
      }
      self.events.append((commit, event.id, event.payload.kind, event.time))
    }
    places[commit] = self.events.count
  }

  /// The first event that was time-stamped much later than it says that it was written, or not at all while events of long
  /// after it are there: whoever makes a journal anew can't have it time-stamped in the past.
  func uncovered(by good: [Stamp], _ timestamps: JournalTimestamps) -> [AuditFinding] {
    var place = events.firstIndex { $0.time >= timestamps.since ?? $0.time } ?? events.count
    let allowed = timestamps.every * 2 + .seconds(3600)
    for stamp in good.sorted(by: { $0.covers < $1.covers }) + [nil] {
      guard place < events.count else { return [] }
      let first = events[place]
      let proved = stamp?.time ?? events.last?.time ?? first.time
      if proved - first.time > allowed {
        var finding = AuditFinding(
          .anchor, commit: first.commit.hex,
          stamp == nil
            ? "it isn't time-stamped, though one is due every \(timestamps.every)"
            : "it was first time-stamped at \(proved), and may have been written as late as that")
        (finding.event, finding.kind, finding.time) = (first.event, first.kind, first.time)
        return [finding]
      }
      place = max(place, stamp?.covers ?? events.count)
    }
    return []
  }
}
