import FoundationEssentials
public import Git
public import MooringModel

/// What is known of an environment, and up to which commit of its journal.
public struct JournalHead: Sendable, Hashable {
  public var commit: ObjectID?
  @Boxed public var state: EnvironmentState

  /// Where nothing is known, or needed; once for all who say so.
  public static let none = JournalHead()

  public init(commit: ObjectID? = nil, state: EnvironmentState = EnvironmentState()) {
    self.commit = commit
    _state = Boxed(wrappedValue: state)
  }
}

/// The journals of a state directory: append, replay, and tell the story.
public struct Journal: Sendable {
  /// The identity of this state directory, written into every event.
  public let source: String
  private let log: WriteAheadLog
  let index: JournalIndex
  private let indexWriter: JournalIndexWriter
  private let sign: (@Sendable ([UInt8]) throws -> [UInt8])?

  /// Opens the log and the index, and applies what a stopped program left.
  ///
  /// - Parameter sign: Makes the armored signature of a commit's bytes; called for each append, and holds all others up
  ///   meanwhile.
  public init(
    stateDirectory: String, source: String, sign: (@Sendable ([UInt8]) throws -> [UInt8])? = nil
  ) async throws {
    self.source = source
    self.sign = sign
    log = try WriteAheadLog(in: stateDirectory)
    index = try JournalIndex(path: stateDirectory + "/index.sqlite")
    indexWriter = JournalIndexWriter(index)
    try await log.recoverIfFree()
  }

  /// Applies what the log holds and Git doesn't yet: another program stopped, or the disk was full. Waits for whoever is
  /// writing now, so that what is read afterwards is all that was recorded before.
  public func recover() async throws { try await log.recover() }

  /// `refs/mooring/journal/production`
  public static func reference(of environment: EnvironmentName) -> String {
    "refs/mooring/journal/\(environment)"
  }

  /// Appends, durably when it returns, and says what is known now.
  ///
  /// - Throws: `Fault`; then nothing was recorded, or it is recorded and the next reader sees it.
  public func append(
    _ entries: [JournalEntry], to head: JournalHead, of environment: EnvironmentName, in repository: Repository
  )
    async throws -> JournalHead
  {
    guard !entries.isEmpty else { return head }
    let move = try await log.append(
      WriteAheadLog.Append(repository: repository, reference: Self.reference(of: environment)) { [sign] parent in
        try JournalCommit.objects(for: entries, on: parent, sign: sign)
      })
    guard move.old == head.commit else { return try self.head(of: environment, in: repository) }
    var next = head
    next.commit = move.new
    var state = head.state
    for entry in entries { state.apply(entry.event) }
    next.state = state
    try await indexWriter.record(
      JournalIndex.Entry(environment: environment, old: head.commit, head: next, events: entries.map(\.event)))
    return next
  }

  /// What is known of an environment now: from the index as far as it goes, and from Git beyond.
  public func head(of environment: EnvironmentName, in repository: Repository) throws -> JournalHead {
    let reference = try repository.reference(Self.reference(of: environment))
    guard let reference else {
      try index.forget(environment, keepingWitness: true)
      return JournalHead()
    }
    let known = try index.head(of: environment)
    if known.commit == reference { return known }
    return try catchUp(known, to: reference, of: environment, in: repository)
  }

  private func catchUp(
    _ known: JournalHead, to reference: ObjectID, of environment: EnvironmentName, in repository: Repository
  ) throws -> JournalHead {
    var commits: [Commit] = []
    var reachesKnown = known.commit == nil
    try repository.walkFirstParents(from: reference) { commit in
      if commit.id == known.commit {
        reachesKnown = true
        return false
      }
      commits.append(commit)
      return true
    }
    var next = known
    if !reachesKnown {
      // Taken in by a union it is on another line, and still there.
      let isLost = try known.commit.map { try !Self.contains($0, in: reference, of: repository) } ?? false
      try index.forget(environment, keepingWitness: isLost)
      next = JournalHead()
    }
    let before = next.commit
    var events: [Event] = []
    for commit in commits.reversed() { events += try JournalCommit.events(of: commit, in: repository) }
    for event in events { next.state.apply(event) }
    next.commit = reference
    try index.record([JournalIndex.Entry(environment: environment, old: before, head: next, events: events)])
    return next
  }

  /// Events of an environment, newest first.
  public func events(of environment: EnvironmentName, in repository: Repository, limit: Int? = nil) throws -> [Event] {
    _ = try head(of: environment, in: repository)
    return try index.events(of: environment, limit: limit)
  }

  /// What is known of an environment, and the events that it follows from, oldest first.
  public func story(
    of environment: EnvironmentName, in repository: Repository
  ) throws -> (state: EnvironmentState, events: [Event]) {
    let state = try head(of: environment, in: repository).state
    return (state, try index.events(of: environment, limit: nil).reversed())
  }

  /// What production ran at a moment; `nil` where nothing had been deployed yet.
  public func deployed(
    at moment: Timestamp, of environment: EnvironmentName, in repository: Repository
  ) throws -> DeployedRelease? {
    _ = try head(of: environment, in: repository)
    return try index.deployed(at: moment, of: environment)
  }

  /// When the journal's first event was written; `nil` where there is none.
  public func beginning(of environment: EnvironmentName, in repository: Repository) throws -> Timestamp? {
    try page(of: environment, in: repository, EventQuery(oldestFirst: true, limit: 1)).events.first?.time
  }

  /// The events of one commit of a journal, in order.
  public static func events(of commit: Commit, in repository: Repository) throws -> [Event] {
    try JournalCommit.events(of: commit, in: repository)
  }

  /// Deletes the index and replays every journal that is asked for.
  public func rebuildIndex(_ environments: [(EnvironmentName, Repository)]) throws -> Int {
    try index.clear()
    var events = 0
    for (environment, repository) in environments {
      events += try head(of: environment, in: repository).state.eventCount
      try forgetConfirmedWitnesses(of: environment, in: repository)
    }
    return events
  }

  /// The index that was found damaged, and put aside; `nil` where none was, or a person has deleted it since.
  public var damagedIndex: String? {
    let path = IndexFile.aside(index.path)
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// Makes Git's own files durable and empties the log.
  public func checkpoint() async throws { try await log.checkpoint() }

  /// The releases that were numbered from history, kept beside the journal because they can be counted again.
  public var releases: ReleaseIndex { ReleaseIndex(index: index) }
}
