import BlockingWork
import Git
import MooringJournal
import MooringModel

/// Delivers the journals' notifications to one channel: in order, each until it is delivered, at least once.
///
/// The journal is the outbox, so there is nothing to lose: what is kept beside it is how far the channel has been told.
actor NotificationSender {
  /// A journal that is followed.
  struct Source: Sendable {
    var environment: EnvironmentName
    var git: Repository
  }

  /// How often a notification that the other side doesn't take is tried.
  static let mostRefusals = 3

  let channel: NotificationChannel
  private let sources: [Source]
  /// Whose events are told of: those that this state directory wrote, since the others have a watcher of their own.
  private let identity: String
  private let delivery: any NotificationDelivery
  private let store: NotificationRecords
  private let log: NotificationLog
  private let time: Time
  private let executor: BlockingExecutor

  private var records: [EnvironmentName: NotificationRecord] = [:]
  /// When there is something to do for an environment without an event.
  private var due: [EnvironmentName: Timestamp] = [:]
  private var backoff = Backoff()
  private var notBefore: Timestamp?
  private var refused: (id: String, times: Int)?
  private var said: Set<String> = []

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(
    _ channel: NotificationChannel, _ sources: [Source], delivery: any NotificationDelivery, state: StateDirectory,
    log: NotificationLog, time: Time
  ) {
    self.channel = channel
    self.sources = sources
    self.delivery = delivery
    self.log = log
    self.time = time
    identity = state.identity
    store = NotificationRecords(of: channel, in: state)
    executor = BlockingExecutor(label: "mooring.notifications.\(channel.name)")
  }

  /// A channel that is met for the first time begins now, and not with the journal's history.
  func begin() {
    for source in sources {
      do { _ = try record(of: source) } catch { say("\(source.environment): \(error)") }
    }
  }

  /// Delivers what is due.
  ///
  /// - Parameter news: Of which environments there may be something.
  /// - Returns: After how long there is something to do without an event; `nil` where there isn't.
  func pass(_ news: NewsOfEnvironments) async -> Duration? {
    if let notBefore, notBefore > time.now() { return notBefore - time.now() }
    notBefore = nil
    let (names, began) = (news.take(), time.now())
    for source in sources where isConcerned(source.environment, names, at: began) {
      do {
        due[source.environment] = try await deliver(source)
      } catch let failure as Undelivered {
        news.again()
        return wait(after: failure)
      } catch is CancellationError {
        return nil
      } catch {
        news.again()
        say("\(source.environment): \(error)")
      }
    }
    return due.values.min().map { max(.milliseconds(100), $0 - time.now()) }
  }

  private func isConcerned(_ environment: EnvironmentName, _ names: Set<EnvironmentName>?, at now: Timestamp) -> Bool {
    names?.contains(environment) ?? true || due[environment].map { $0 <= now } ?? false
  }

  // MARK: One journal

  private func deliver(_ source: Source) async throws -> Timestamp? {
    var record = try record(of: source)
    let head = try source.git.reference(Journal.reference(of: source.environment))
    if let head, head != record.commit {
      try await deliver(source, upTo: head, &record)
    } else if record.skipped > 0 {
      try await notice(source, &record)
    }
    if let summary = record.quiet.due(at: time.now(), quiet: channel.quiet, of: source.environment) {
      try await send(summary)
      record.quiet.settle(at: time.now(), quiet: channel.quiet)
      keep(record, of: source)
    }
    return record.quiet.next
  }

  private func deliver(_ source: Source, upTo head: ObjectID, _ record: inout NotificationRecord) async throws {
    let filter = NotificationBacklog.Filter(
      source: identity, kinds: channel.on, oldest: time.now().advanced(by: .zero - NotificationBacklog.longest))
    guard let backlog = try NotificationBacklog(of: source.git, from: head, after: record.commit, filter) else {
      say("\(source.environment): the journal is another one than before; notifications begin anew now")
      record = NotificationRecord(commit: head)
      return keep(record, of: source)
    }
    if let last = backlog.lastSkipped {
      record.commit = last
      record.partial = nil
      record.skipped += backlog.skipped
      keep(record, of: source)
    }
    try await notice(source, &record)
    try await deliver(backlog.commits, of: source, &record)
    record.commit = head
    record.partial = nil
    keep(record, of: source)
  }

  /// An event that is to be told, and how far everything is told with it.
  private struct Next {
    var event: Event
    /// The commit before its own; `nil` where that is the one that was delivered last.
    var before: ObjectID?
    var place: NotificationRecord.Partial
  }

  /// One message for what one look found, in however many events and commits it is kept.
  private func deliver(_ commits: [ObjectID], of source: Source, _ record: inout NotificationRecord) async throws {
    let begun = record.partial
    var next: Next?
    var before: ObjectID?
    for commit in commits {
      let events = try Journal.events(of: source.git.commit(commit), in: source.git)
      let done = begun?.commit == commit ? begun?.events ?? 0 : 0
      for (position, event) in events.enumerated().dropFirst(done) where event.source == identity {
        let place = NotificationRecord.Partial(commit: commit, events: position + 1)
        if let joined = next?.event.joined(with: event) {
          next = Next(event: joined, before: before, place: place)
        } else {
          if let next { try await tell(next, of: source, &record) }
          next = Next(event: event, before: before, place: place)
        }
      }
      before = commit
    }
    if let next { try await tell(next, of: source, &record) }
  }

  private func tell(_ next: Next, of source: Source, _ record: inout NotificationRecord) async throws {
    var after = record
    let notification = after.tell(next.event, to: channel, at: time.now())
    if let notification { try await send(notification) }
    after.commit = next.before ?? record.commit
    after.partial = next.place
    record = after
    if notification != nil { keep(record, of: source) }
  }

  private func notice(_ source: Source, _ record: inout NotificationRecord) async throws {
    guard let notice = record.notice(of: source.environment, at: time.now()) else { return }
    try await send(notice)
    record.skipped = 0
    keep(record, of: source)
  }

  // MARK: Sending

  private struct Undelivered: Error {
    var why: String
    var after: Duration?
  }

  private func send(_ notification: Notification) async throws {
    try Task.checkCancellation()
    switch try await delivery.deliver(notification) {
    case .delivered: break
    case .failed(let why, let after): throw Undelivered(why: why, after: after)
    case .refused(let why): try refuse(notification, why)
    }
    refused = nil
    if backoff.failures > 0 { log.works(channel.name, after: backoff.failures) }
    backoff.succeeded()
    said = []
  }

  /// One that isn't taken mustn't keep back all that come after it.
  private func refuse(_ notification: Notification, _ why: String) throws {
    let times = (refused?.id == notification.id ? refused?.times ?? 0 : 0) + 1
    refused = (notification.id, times)
    guard times >= Self.mostRefusals else { throw Undelivered(why: why) }
    log.givenUp(channel.name, notification, why)
  }

  private func wait(after failure: Undelivered) -> Duration {
    let delay = backoff.failed(asked: failure.after)
    notBefore = time.now().advanced(by: delay)
    if said.insert(failure.why).inserted { log.failed(channel.name, failure.why, retryAfter: delay) }
    return delay
  }

  /// Once, until something is delivered.
  private func say(_ problem: String) {
    if said.count > 100 { said = [] }
    if said.insert(problem).inserted { log.problem(channel.name, problem) }
  }

  // MARK: The record

  private func record(of source: Source) throws -> NotificationRecord {
    if let record = records[source.environment] { return record }
    do throws(Fault) {
      if let record = try store.read(source.environment) {
        records[source.environment] = record
        return record
      }
    } catch { say(error.description) }
    let head = try source.git.reference(Journal.reference(of: source.environment))
    let record = NotificationRecord(commit: head)
    keep(record, of: source)
    return record
  }

  /// In memory at once: a state directory that can't be written isn't a reason to say everything twice.
  private func keep(_ record: NotificationRecord, of source: Source) {
    guard records[source.environment] != record else { return }
    records[source.environment] = record
    do { try store.write(record, of: source.environment) } catch { say("\(error)") }
  }
}
