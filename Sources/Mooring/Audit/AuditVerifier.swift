import Git
import MooringJournal
public import MooringModel

/// What became of verifying an environment's journal, and what that proves.
public struct AuditVerification: Sendable, Encodable {
  public var environment: String
  /// Whether everything holds that could be looked at.
  public var holds: Bool
  /// The journal's commit that was verified.
  public var head: String?
  public var commits = 0
  public var events = 0
  /// What doesn't hold, the oldest event first; at most 100.
  public var findings: [AuditFinding] = []
  /// Findings that aren't listed.
  public var more = 0
  /// What is proved, and by what.
  public var proved: [String] = []
  /// What isn't proved, and what would.
  public var unproved: [String] = []
}

/// Verifies one environment's journal: its chain, its events, what they refer to, and that everybody who keeps a copy or a
/// mark of it agrees. Changes nothing.
struct AuditVerifier {
  let context: EnvironmentContext
  let journal: JournalConfiguration

  var git: Repository { context.repository.git }

  func verify() async throws -> AuditVerification {
    // What the index knows is read first: reading the journal otherwise would correct it.
    let indexed = try context.journal.indexed(context.name)
    var walk = JournalVerification(of: context.name, in: git)
    var report = AuditVerification(environment: context.name.string, holds: true)
    guard let head = try git.reference(Journal.reference(of: context.name)) else {
      return try missing(indexed.head, report)
    }
    report.head = head.hex
    let ids = walk.commits(to: head)
    let chain = Set(ids)
    var signatures = try journal.signing.map { try JournalSignatures(in: git, $0) }
    let stamps = try await take(ids, comparing: indexed.events, &walk, &signatures)
    try checkIndex(indexed.head, chain, &walk)
    try checkRemote(head, chain, &walk, &report)
    try checkTrailers(chain, &walk, &report)
    try await finish(signatures, &walk, &report)
    try await checkStamps(stamps, chain, &walk, &report)
    report.proved.insert("every commit, event and object is what the head \(head.hex.prefix(12)) says, by SHA-1", at: 0)
    (report.commits, report.events) = (walk.commits, walk.events)
    (report.findings, report.more) = (sorted(walk.findings, by: ids), walk.more)
    report.holds = walk.findings.isEmpty
    if !report.holds { report.proved = [] }
    return report
  }

  /// Goes through the commits, oldest first.
  private func take(
    _ ids: [ObjectID], comparing indexed: IndexedEvents, _ walk: inout JournalVerification,
    _ signatures: inout JournalSignatures?
  ) async throws -> StampedTimes {
    var agreement = IndexAgreement(indexed)
    var stamps = StampedTimes()
    for id in ids {
      let events = walk.take(id)
      stamps.take(id, events)
      if let finding = try await signatures?.take(id, events.last) { walk.note(finding) }
      if walk.findings.first?.check != .chain, let finding = try agreement.compare(events, of: id) {
        walk.note(finding)
      }
    }
    return stamps
  }

  /// What the index knows now, and what it knew before it was made anew.
  private func checkIndex(
    _ indexed: ObjectID?, _ chain: Set<ObjectID>, _ walk: inout JournalVerification
  ) throws {
    if let indexed, !chain.contains(indexed) {
      walk.note(
        AuditFinding(.index, commit: indexed.hex, "the index knows this commit, and the journal doesn't have it"))
    }
    for witness in try context.journal.contradictingWitnesses(of: context.name, in: git) {
      walk.note(Self.finding(witness))
    }
  }

  private static func finding(_ witness: JournalWitness) -> AuditFinding {
    AuditFinding(
      .index, commit: witness.head.hex,
      "the index knew it as the journal's head, after \(witness.events) events up to \(witness.last), and the journal doesn't have it"
    )
  }

  /// In the order of the journal; what isn't in it comes last.
  private func sorted(_ findings: [AuditFinding], by ids: [ObjectID]) -> [AuditFinding] {
    var places: [String: Int] = [:]
    for (place, id) in ids.enumerated() { places[id.hex] = place }
    let placed = findings.enumerated().map { ($0.element, $0.element.commit.flatMap { places[$0] } ?? .max, $0.offset) }
    return placed.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
  }

  private func missing(_ indexed: ObjectID?, _ report: AuditVerification) throws -> AuditVerification {
    var report = report
    let known = try? git.reference(JournalPublisher.reference(of: context.name))
    if let known {
      report.findings.append(AuditFinding(.remote, commit: known.hex, "the remote has a journal, and here is none"))
    }
    if let indexed {
      report.findings.append(AuditFinding(.index, commit: indexed.hex, "the index knows a journal, and here is none"))
    }
    report.findings += try context.journal.contradictingWitnesses(of: context.name, in: git).map(Self.finding)
    report.holds = report.findings.isEmpty
    if report.holds { report.unproved = ["there is no journal yet"] }
    return report
  }

  // MARK: The remote

  private func checkRemote(
    _ head: ObjectID, _ chain: Set<ObjectID>, _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) throws {
    guard let remote = try git.reference(JournalPublisher.reference(of: context.name)) else {
      report.unproved.append(
        "no remote's copy was ever seen: whoever can write here could have rewritten everything, or cut off the newest")
      return
    }
    if remote == head || chain.contains(remote) {
      let newer = remote == head ? "" : "; events after that are here alone"
      report.proved.append("the remote's copy, as it was last seen, agrees up to \(remote.hex.prefix(12))\(newer)")
      return
    }
    // Taken in by a union: not on our own line, and no less a part of it.
    if try git.isAncestor(remote, of: head) {
      report.proved.append("the remote's copy, as it was last seen, is part of this one by a union")
      return
    }
    guard git.contains(remote) else {
      walk.note(AuditFinding(.remote, commit: remote.hex, "the remote's head isn't here; fetch it"))
      return
    }
    let theirs = try git.firstParents(from: remote, until: nil)
    let first = theirs.last { !chain.contains($0.id) } ?? theirs[0]
    let event = try? Journal.events(of: first, in: git).first
    let isCut = theirs.contains { $0.id == head }
    let problem =
      isCut
      ? "the remote has it and \(theirs.count { !chain.contains($0.id) } - 1) more after it, which are cut off here"
      : "the remote has it in this place, and here stands something else: one of the two was rewritten"
    walk.note(AuditFinding(.remote, commit: first.id.hex, event: event, problem))
  }

  // MARK: Trailers on the branch

  /// Commits that Mooring made name the journal's head of then; they are on the branch, with everybody who has cloned it.
  private func checkTrailers(
    _ chain: Set<ObjectID>, _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) throws {
    let anchors = try JournalTrailer.all(of: context.name, on: context.repository)
    for anchor in anchors where !chain.contains(anchor.head) {
      if try git.contains(anchor.head) && isTakenIn(anchor.head, of: chain) { continue }
      walk.note(
        AuditFinding(
          .anchor, commit: anchor.head.hex,
          "commit \(anchor.commit.hex.prefix(12)) on the branch names it as the journal's head, and the journal doesn't have it"
        ))
    }
    if let last = anchors.first {
      report.proved.append(
        "\(anchors.count) commit\(anchors.count == 1 ? "" : "s") on the branch name\(anchors.count == 1 ? "s" : "") heads of this journal, the newest \(last.head.hex.prefix(12))"
      )
    } else {
      report.unproved.append("no commit on the branch names a head of this journal: Mooring hasn't made one since")
    }
  }

  private func isTakenIn(_ id: ObjectID, of chain: Set<ObjectID>) throws -> Bool {
    guard let head = try git.reference(Journal.reference(of: context.name)) else { return false }
    return try git.isAncestor(id, of: head)
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
