import BlockingWork
import Git
import MooringJournal
public import MooringModel

/// The one writer of an environment: takes facts, asks `decide`, appends the events, and then carries the effects out.
///
/// Effects of one decision run side by side; what comes of them is decided on one after the other. When the task is
/// cancelled, nothing new is begun, and whatever is in flight stays in the journal for the next start.
public actor EnvironmentLoop {
  let context: EnvironmentContext
  let observer: @Sendable (LoopNews) -> Void
  private let executor: BlockingExecutor
  private(set) var head = JournalHead.none
  private var report = LoopReport.none
  /// Objects that must be recorded with a release or a rollback.
  var releaseObjects: [ReleaseNumber: [RawObject]] = [:]
  var rollbackObjects: [Identifier: [RawObject]] = [:]
  /// When programs ran for the deployment that is under way.
  var programs: ProgramTimes
  /// When the deployment in flight had switched production over; `nil` where it hasn't, or another program did.
  var reached: Timestamp?

  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  public init(_ context: EnvironmentContext, observer: @escaping @Sendable (LoopNews) -> Void = { _ in }) {
    self.context = context
    self.observer = observer
    programs = ProgramTimes(context.time)
    executor = BlockingExecutor(label: "mooring.environment.\(context.configuration.name)")
  }

  /// Takes the environment's lock, finishes what was left in flight, and then does what follows from a fact.
  ///
  /// - Parameter limit: How long to wait for another process that works on the environment.
  public func take(_ fact: Fact, waitingAtMost limit: Duration) async throws -> LoopReport {
    try await working(on: fact.request, waitingAtMost: limit) { try await self.process([fact]) }
  }

  func working(
    on request: Request? = nil, insisting: Bool = true, waitingAtMost limit: Duration,
    _ body: () async throws -> LoopReport
  ) async throws -> LoopReport {
    let path = context.state.lockPath(context.name.string)
    let lock = try await EnvironmentLock.acquire(path, within: limit, insisting: insisting) { [observer, context] in
      observer(.waiting("another process that works on \(context.name)"))
    }
    defer { withExtendedLifetime(lock) {} }
    self.lock = lock
    defer {
      // It is read anew before it is needed again, which may be in a month.
      self.lock = nil
      (head, report) = (.none, .none)
    }
    try await context.journal.recover()
    try refresh()
    try await takeSeat(for: request)
    let isTakeover = request?.isTakeover ?? false
    if !head.state.isAtRest { try await context.target.recover() }
    if !isTakeover { _ = try await process([.takenUp]) }
    let report = try await body()
    try await tellNext()
    return report
  }

  /// Reads the branch as it was last fetched, and does what follows.
  public func readBranch(waitingAtMost limit: Duration) async throws -> LoopReport {
    try await working(insisting: false, waitingAtMost: limit) { try await self.process(self.perform(.readHead)) }
  }

  /// Records what needs no lock: a hold, its end, a note. A deployment in flight goes on, and sees it afterwards.
  public func record(_ request: Request, by initiator: Initiator) async throws -> LoopReport {
    try await context.journal.recover()
    try refresh()
    try await takeSeat(for: request)
    return try await process([.asked(request, by: initiator)])
  }

  var lock: EnvironmentLock?
  /// Heads of journals that others had and ours doesn't contain.
  var missing: [ContentID] = []

  func refresh() throws {
    head = try context.head()
    report = LoopReport(state: head.state)
  }

  func checkOwner(isTakeover: Bool) throws {
    guard !isTakeover, !context.isOwner(head.state) else { return }
    throw Fault(
      .notOwner, "\(context.name) belongs to the state directory \(head.state.owner ?? "")", at: context.state.path,
      remedy: "work there, or become its one writer with `mooring takeover \(context.name)`")
  }

  func process(_ facts: [Fact]) async throws -> LoopReport {
    var facts = facts[...]
    try await withThrowingTaskGroup(of: [Fact].self) { group in
      while true {
        while let fact = facts.popFirst() {
          for effect in try await decided(fact) {
            group.addTask { try await self.perform(effect) }
          }
        }
        guard let new = try await group.next() else { return }
        facts += new
      }
    }
    writeIncidents()
    report.state = head.state
    return report
  }

  /// A report that can't be written is no reason to stop: the journal can make it again.
  private func writeIncidents() {
    do {
      try IncidentFile(context: context).write(after: report.events)
    } catch {
      observer(.alert("the incident's report isn't written: \(error)"))
    }
  }

  private func decided(_ fact: Fact) async throws -> [Effect] {
    try context.coordination?.check()
    let decision = decide(
      head.state, fact, under: context.configuration.policy, as: context.journal.source, at: now)
    try await append(decision.events)
    return decision.effects
  }

  /// Never before the last event, also when the machine's clock steps back.
  var now: Timestamp { max(context.time.now(), head.state.lastEvent ?? Timestamp(milliseconds: 0)) }

  func append(_ drafts: [EventDraft]) async throws {
    guard !drafts.isEmpty else { return }
    let entries = try drafts.map(entry)
    head = try await context.journal.append(entries, to: head, of: context.name, in: context.repository.git)
    for entry in entries {
      report.events.append(entry.event)
      observer(.recorded(entry.event))
    }
    if drafts.contains(where: { SharedRecord.mustTell(of: $0.payload) }) { try await tellNext() }
  }

  private func entry(_ draft: EventDraft) throws -> JournalEntry {
    let time = now
    var entry = JournalEntry(
      event: Event(
        id: Identifier(at: time), time: time, initiator: draft.initiator, source: context.journal.source,
        environment: context.name, payload: draft.payload))
    switch draft.payload {
    case .release(let release):
      entry.rendered = try release.digest?.object
      entry.keeps = [try release.revision.object]
      entry.objects = releaseObjects.removeValue(forKey: release.number) ?? []
    case .rollbackStarted(let started):
      entry.rendered = try started.to.digest.object
      entry.keeps = try started.revert.map { [try $0.commit.object] } ?? []
      entry.objects = rollbackObjects.removeValue(forKey: started.rollback) ?? []
    case .historyRewritten(let rewritten):
      if context.repository.git.contains(try rewritten.was.object) { entry.keeps = [try rewritten.was.object] }
    default: break
    }
    if context.repository.hasOwnJournal { try keepLocally(&entry) }
    return entry
  }

  /// A journal in a repository of its own names revisions without bringing their history along: local references keep
  /// them alive.
  private func keepLocally(_ entry: inout JournalEntry) throws {
    let git = context.repository.git
    try git.write(entry.objects)
    for commit in entry.keeps {
      try git.forceReference("refs/mooring/keep/\(context.name)/\(commit.hex)", to: commit, log: "mooring: kept")
    }
    entry.keeps = []
  }

  func refuse(_ fault: Fault) { report.refusals.append(fault) }
}

extension Fact {
  fileprivate var request: Request? {
    if case .asked(let request, _) = self { request } else { nil }
  }
}
