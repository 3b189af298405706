import Git
import MooringJournal
import MooringModel

/// Marks that others keep of a journal: the remote's copy, and commits on the branch.
extension AuditVerifier {
  // MARK: The remote

  /// The remote's head as it was last seen, or as it is now.
  func remoteHead(
    _ reach: JournalReach, _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) async throws -> ObjectID? {
    let name = JournalPublisher.reference(of: context.name)
    let known = try git.reference(name)
    guard fetches else { return known }
    let place = "refs/mooring/verify/\(context.name)"
    try await context.repository.fetch(
      ["+\(Journal.reference(of: context.name)):\(place)"], from: context.repository.journalURL)
    guard let now = try git.reference(place) else {
      if let known {
        let problem = "the remote had it as the journal's head, and has none now"
        note(AuditFinding(.remote, commit: known.hex, problem), &walk, &report)
      }
      return known
    }
    try git.deleteReference(place, expecting: now)
    // What was seen first stays the mark where the remote doesn't go on from it.
    if let known, try !git.contains(known) || !git.isAncestor(known, of: now) {
      let problem =
        "the remote had it as the journal's head, and has \(now.hex.prefix(12)) now, which doesn't stand on it"
      note(AuditFinding(.remote, commit: known.hex, problem), &walk, &report)
    } else if known != now {
      try git.forceReference(name, to: now, log: "mooring: seen")
    }
    return now
  }

  func checkRemote(
    _ head: ObjectID, _ reach: JournalReach, _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) async throws {
    let seen = fetches ? "as it is now" : "as it was last seen"
    guard let remote = try await remoteHead(reach, &walk, &report) else {
      return noRemote(&walk, &report)
    }
    guard let holds = reach.holds(remote) else {
      report.unproved.append("whether the remote's copy agrees: where the chain breaks nobody can say")
      return
    }
    guard !holds else {
      let newer = remote == head ? "" : "; events after that are here alone"
      report.proved.append(
        reach.line.contains(remote)
          ? "the remote's copy, \(seen), agrees up to \(remote.hex.prefix(12))\(newer)"
          : "the remote's copy, \(seen), is part of this one by a union")
      return
    }
    guard git.contains(remote) else {
      return walk.note(AuditFinding(.remote, commit: remote.hex, "the remote's head isn't here; fetch it"))
    }
    note(try difference(from: remote, head, reach), &walk, &report)
  }

  private func noRemote(_ walk: inout JournalVerification, _ report: inout AuditVerification) {
    report.unproved.append(
      "no remote's copy was ever seen: whoever can write here could have rewritten everything, or cut off the newest")
    guard journal.push else { return }
    walk.note(
      AuditFinding(
        .remote,
        fetches
          ? "journals are pushed, and the remote has none of this environment"
          : "journals are pushed, and nothing is known here of the remote's copy: it was never published, or the mark was deleted; `--fetch` asks the remote"
      ))
  }

  private func difference(from remote: ObjectID, _ head: ObjectID, _ reach: JournalReach) throws -> AuditFinding {
    let theirs = try git.firstParents(from: remote, until: nil)
    let first = theirs.last { !reach.line.contains($0.id) } ?? theirs[0]
    let isCut = theirs.contains { $0.id == head }
    let problem =
      isCut
      ? "the remote has it and \(theirs.count { !reach.line.contains($0.id) } - 1) more after it, which are cut off here"
      : "the remote has it in this place, and here stands something else: one of the two was rewritten"
    var finding = AuditFinding(.remote, commit: first.id.hex, problem)
    do {
      if let event = try Journal.events(of: first, in: git).first {
        finding = AuditFinding(.remote, commit: first.id.hex, event: event, problem)
      }
    } catch { finding.problem += "; it can't be read: \(error)" }
    return finding
  }

  // MARK: Trailers on the branch

  /// Commits that Mooring made name the journal's head of then; they are on the branch, with everybody who has cloned it.
  func checkTrailers(
    _ reach: JournalReach, _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) throws {
    let anchors = try JournalTrailer.all(of: context.name, on: context.repository)
    for anchor in anchors where reach.holds(anchor.head) == false {
      let finding = AuditFinding(
        .anchor, commit: anchor.head.hex,
        "commit \(anchor.commit.hex.prefix(12)) on the branch names it as the journal's head, and the journal doesn't have it"
      )
      note(finding, &walk, &report)
    }
    let good = anchors.filter { reach.holds($0.head) == true }
    if let last = good.first {
      report.proved.append(
        "\(good.count) commit\(good.count == 1 ? "" : "s") on the branch name\(good.count == 1 ? "s" : "") heads of this journal, the newest \(last.head.hex.prefix(12))"
      )
    } else {
      report.unproved.append("no commit on the branch names a head of this journal: Mooring hasn't made one since")
    }
  }
}

/// Compares a journal's events with those of the index, in step.
struct IndexAgreement {
  private let indexed: IndexedEvents
  private var waiting: [Event] = []
  private var position = 0
  private var isEnded = false

  init(_ indexed: IndexedEvents) { self.indexed = indexed }

  /// - Returns: The first difference; nothing after it is compared, nor what the index doesn't have yet.
  mutating func compare(_ events: [Event], of commit: ObjectID) throws -> AuditFinding? {
    guard !isEnded else { return nil }
    for event in events {
      if waiting.isEmpty {
        waiting = try indexed.events(from: position, count: 256).reversed()
        position += waiting.count
      }
      guard let known = waiting.popLast() else {
        isEnded = true
        return nil
      }
      guard known != event else { continue }
      isEnded = true
      return AuditFinding(
        .index, commit: commit.hex, event: event,
        "the index has \(known.payload.kind) \(known.id) of \(known.time) in this place")
    }
    return nil
  }
}
