import Git
import MooringJournal
import MooringModel

extension EnvironmentLoop {
  /// Sees that this state directory may write the journal. Where the target coordinates, whoever holds its claim does, as
  /// soon as the journal here contains what the one before recorded; until then only what a person asks for explicitly.
  func takeSeat(for request: Request?) async throws {
    guard let coordination = context.coordination else {
      return try checkOwner(isTakeover: request?.isTakeover ?? false)
    }
    try coordination.check()
    let record = try await catchUp(with: coordination)
    let note = ClaimNote(of: context.name, in: context.state)
    let isAccepted = request?.isTakeover ?? false
    note.write(
      .init(holder: context.journal.source, at: context.time.now(), behind: isAccepted ? nil : record.map(behind)))
    if let record, !missing.isEmpty {
      guard request?.isAllowedBehind ?? false else { throw fault(behind(record)) }
      try await becomeOwner(carrying: record.carriedOver(to: head.state), for: request)
    } else {
      try await becomeOwner(carrying: [], for: request)
    }
    if isAccepted { missing = [] }
  }

  /// - Returns: What was left for us, where the journal here lacks something of it.
  private func catchUp(with coordination: any Coordination) async throws -> SharedRecord? {
    missing = try unknown(try await coordination.record(isFresh: false))
    guard !missing.isEmpty, let record = try await coordination.record(isFresh: true) else { return nil }
    missing = try unknown(record)
    if missing.isEmpty { return nil }
    await fetchJournal()
    try refresh()
    missing = try unknown(record)
    return missing.isEmpty ? nil : record
  }

  private func unknown(_ record: SharedRecord?) throws -> [ContentID] {
    let git = context.repository.git
    return try (record?.heads ?? []).filter { id in
      guard let ours = head.commit else { return true }
      let theirs = try id.object
      return try theirs != ours && !(git.contains(theirs) && git.isAncestor(theirs, of: ours))
    }
  }

  /// A remote that can't be reached now is asked again next time.
  private func fetchJournal() async {
    do {
      try await context.followJournal()
      let publisher = JournalPublisher(repository: context.repository, environments: [context])
      if context.isOwner(head.state), head.commit != nil { try await publisher.unite(context) }
    } catch {
      observer(.waiting("the journal of the one before: \(error)"))
    }
  }

  /// The watcher takes over by itself; a person's takeover is its own event.
  private func becomeOwner(carrying drafts: [EventDraft], for request: Request?) async throws {
    var drafts = drafts
    if !context.isOwner(head.state), !(request?.isTakeover ?? false) {
      drafts.insert(EventDraft(.takeover(Takeover(from: head.state.owner)), by: .watcher), at: 0)
    }
    try await append(drafts)
  }

  /// Leaves what is known now for the next one, where that has changed.
  func tellNext() async throws {
    guard let coordination = context.coordination, let commit = head.commit else { return }
    let record = SharedRecord(
      of: head.state, owner: context.journal.source, at: now, head: try commit.content, missing: missing)
    guard try await coordination.record(isFresh: false)?.saysTheSame(as: record) != true else { return }
    try await coordination.write(record)
  }

  /// At the end of a turn: what a session that was cancelled recorded is told, too.
  func leave() async throws {
    try refresh()
    guard context.isOwner(head.state), let coordination = context.coordination else { return }
    missing = try unknown(try await coordination.record(isFresh: false))
    try await tellNext()
  }

  // MARK: Being behind

  private func behind(_ record: SharedRecord) -> ClaimNote.Behind {
    // Who has rolled back meanwhile has passed on what it lacks itself.
    let owner = record.owner == context.journal.source ? "another state directory" : record.owner
    return ClaimNote.Behind(head: missing.first?.hex ?? "", owner: owner, at: record.at)
  }

  private func fault(_ behind: ClaimNote.Behind) -> Fault {
    Fault(
      .state, behind.text, at: context.name.string,
      remedy: "it goes on when \(behind.owner) has pushed its journal; `mooring takeover \(context.name)` gives that up"
    )
  }
}

extension Request {
  var isTakeover: Bool {
    if case .takeover = self { true } else { false }
  }

  /// What doesn't depend on knowing all that was recorded elsewhere.
  fileprivate var isAllowedBehind: Bool {
    switch self {
    case .rollback, .takeover, .hold, .resume, .note, .verdict, .artifacts, .alert, .unattended, .acknowledge: true
    case .sync, .look, .heal, .adopt, .ignore, .liftQuarantine, .anchor, .drill: false
    }
  }
}
