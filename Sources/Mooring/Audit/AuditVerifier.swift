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
  /// What doesn't hold and a person has acknowledged, with who did, and why.
  public var acknowledged: [String] = []
  /// What is proved, and by what.
  public var proved: [String] = []
  /// What isn't proved, and what would.
  public var unproved: [String] = []
}

/// Verifies one environment's journal: its chain, its events, what they refer to, and that everybody who keeps a copy or a
/// mark of it agrees. Changes nothing of that, and asks nobody but the remote, where it is to.
struct AuditVerifier {
  let context: EnvironmentContext
  let journal: JournalConfiguration
  /// Whether the remote is asked what it has now.
  var fetches = false

  var git: Repository { context.repository.git }

  func verify() async throws -> AuditVerification {
    // What the index knows is read first: reading the journal otherwise would correct it.
    let indexed = try context.journal.indexed(context.name)
    var walk = JournalVerification(of: context.name, in: git)
    var report = AuditVerification(environment: context.name.string, holds: true)
    checkIndexFile(&walk)
    if let head = try git.reference(Journal.reference(of: context.name)) {
      report.head = head.hex
      let ids = walk.commits(to: head)
      try await verify(ids, head, indexed, &walk, &report)
      report.findings = sorted(walk.findings, by: ids)
    } else {
      try await checkMissing(indexed.head, &walk, &report)
      report.findings = walk.findings
    }
    (report.commits, report.events, report.more) = (walk.commits, walk.events, walk.more)
    report.holds = walk.findings.isEmpty
    if !report.holds { report.proved = [] }
    return report
  }

  private func verify(
    _ ids: [ObjectID], _ head: ObjectID, _ indexed: (head: ObjectID?, events: IndexedEvents),
    _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) async throws {
    var reach = JournalReach(line: Set(ids), isBroken: walk.findings.contains { $0.check == .chain })
    var signatures: JournalSignatures?
    try await looking(.signature, &walk) { _ in
      signatures = try journal.signing.map { try JournalSignatures(in: git, $0) }
    }
    var unions = UnionVerification(in: git)
    let stamps = try await take(
      ids, comparing: reach.isBroken ? nil : indexed.events, &walk, &signatures, &unions)
    report.proved.append("every commit, event and object is what the head \(head.hex.prefix(12)) says, by SHA-1")
    try await looking(.union, &walk) { walk in try await checkUnions(&unions, &signatures, &walk, &report) }
    reach.sides = unions.sides
    try await looking(.index, &walk) { walk in try checkIndex(indexed.head, reach, &walk, &report) }
    try await looking(.remote, &walk) { walk in try await checkRemote(head, reach, &walk, &report) }
    try await looking(.anchor, &walk) { walk in try checkTrailers(reach, &walk, &report) }
    try await looking(.signature, &walk) { walk in try await finish(signatures, &walk, &report) }
    try await looking(.anchor, &walk) { walk in try await checkStamps(stamps, reach, &walk, &report) }
    if walk.away > 0 {
      report.unproved.append(
        "\(walk.away) commits that events name aren't here, and nothing of the journal keeps them: adoptions, or reverts as they landed"
      )
    }
  }

  /// What can't be looked at doesn't hold, and keeps nobody from looking at the rest.
  private func looking(
    _ check: AuditFinding.Check, _ walk: inout JournalVerification,
    _ body: (inout JournalVerification) async throws -> Void
  ) async throws {
    do { try await body(&walk) } catch let error as CancellationError { throw error } catch {
      walk.note(AuditFinding(check, "it can't be looked at: \((error as? Fault)?.description ?? "\(error)")"))
    }
  }

  /// Goes through the commits, oldest first.
  private func take(
    _ ids: [ObjectID], comparing indexed: IndexedEvents?, _ walk: inout JournalVerification,
    _ signatures: inout JournalSignatures?, _ unions: inout UnionVerification
  ) async throws -> StampedTimes {
    var agreement = indexed.map { IndexAgreement($0) }
    var stamps = StampedTimes()
    for id in ids {
      let events = walk.take(id)
      stamps.take(id, events)
      try await looking(.union, &walk) { _ in try unions.take(id, events) }
      try await looking(.signature, &walk) { walk in
        if let finding = try await signatures?.take(id, events.last) { walk.note(finding) }
      }
      try await looking(.index, &walk) { walk in
        if let finding = try agreement?.compare(events, of: id) { walk.note(finding) }
      }
    }
    return stamps
  }

  /// What another state directory wrote at the same time, and unions took in.
  private func checkUnions(
    _ unions: inout UnionVerification, _ signatures: inout JournalSignatures?, _ walk: inout JournalVerification,
    _ report: inout AuditVerification
  ) async throws {
    let findings = try await unions.verify { id in
      let events = walk.take(aside: id)
      if let finding = try await signatures?.take(id, events.last) { walk.note(finding) }
      return events
    }
    for finding in findings { note(finding, &walk, &report) }
    guard unions.events > 0 else { return }
    report.proved.append("so is each of the \(unions.events) events that unions took in, and none is on both lines")
    report.unproved.append("what time-stamps say of the lines that unions took in: they aren't looked at there")
  }

  // MARK: The index

  /// What the index knows now, and what it knew before it was made anew.
  private func checkIndex(
    _ indexed: ObjectID?, _ reach: JournalReach, _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) throws {
    if let indexed, reach.holds(indexed) == false {
      let finding = AuditFinding(
        .index, commit: indexed.hex, "the index knows this commit, and the journal doesn't have it")
      note(finding, &walk, &report)
    }
    for witness in try context.journal.witnesses(of: context.name) where reach.holds(witness.head) == false {
      note(Self.finding(witness), &walk, &report)
    }
  }

  private static func finding(_ witness: JournalWitness) -> AuditFinding {
    AuditFinding(
      .index, commit: witness.head.hex,
      "the index knew it as the journal's head, after \(witness.events) events up to \(witness.last), and the journal doesn't have it"
    )
  }

  /// An index that was damaged was put aside, and with it what it knew.
  private func checkIndexFile(_ walk: inout JournalVerification) {
    guard let damaged = context.journal.damagedIndex else { return }
    walk.note(
      AuditFinding(
        .index,
        "it was damaged, and is a mark of nothing that was recorded before; \(damaged) is what is left of it: keep it, or delete it to end this"
      ))
  }

  /// What a person has acknowledged is told, and no finding any more.
  func note(
    _ finding: AuditFinding, _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) {
    guard let known = walk.state.acknowledged.first(where: { $0.head.hex == finding.commit }) else {
      return walk.note(finding)
    }
    report.acknowledged.append(
      "\(finding): acknowledged by \(known.by) at \(known.at): \(context.cover.covered(known.reason))")
  }

  /// In the order of the journal, and what it breaks off at before all; what isn't in it comes last.
  private func sorted(_ findings: [AuditFinding], by ids: [ObjectID]) -> [AuditFinding] {
    var places: [String: Int] = [:]
    for (place, id) in ids.enumerated() { places[id.hex] = place }
    let placed = findings.enumerated().map { offset, finding in
      (finding, finding.check == .chain ? -1 : finding.commit.flatMap { places[$0] } ?? .max, offset)
    }
    return placed.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
  }

  // MARK: No journal

  /// There is no journal: whoever has a mark of one says that there was.
  private func checkMissing(
    _ indexed: ObjectID?, _ walk: inout JournalVerification, _ report: inout AuditVerification
  ) async throws {
    let reach = JournalReach(line: [], isBroken: false)
    try await looking(.remote, &walk) { walk in
      guard let known = try await remoteHead(reach, &walk, &report) else { return }
      walk.note(AuditFinding(.remote, commit: known.hex, "the remote has a journal, and here is none"))
    }
    try await looking(.index, &walk) { walk in try checkIndex(indexed, reach, &walk, &report) }
    try await looking(.anchor, &walk) { walk in try checkTrailers(reach, &walk, &report) }
    report.unproved = [
      walk.findings.isEmpty
        ? "there is no journal yet; that there never was one is said by nothing but the index, the branch and the remote as they were last seen"
        : "anything: there is no journal"
    ]
  }
}
