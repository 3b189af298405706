import FoundationEssentials
import Kubernetes
import MooringModel
import Synchronization

/// One environment's Lease, as this program asks for it, renews it and lets it go.
actor EnvironmentLease: Coordination {
  /// Until when this program may act.
  private enum Term: Sendable {
    /// It never asked: whoever reads, or deploys without a watcher's or a command's claim, isn't stopped.
    case none
    case until(ContinuousClock.Instant)
    case over
  }

  /// How often a write that somebody else's overtook is tried again.
  private static let tries = 5

  nonisolated let timing: ClaimTiming
  let options: KubernetesTargetOptions
  let environment: EnvironmentName
  let cluster: Cluster
  let roster: LeaseRoster
  private let term = Mutex(Term.none)

  private var observation = LeaseObservation()
  /// What a watch has told of it last, and when: earlier than a look would.
  private let told = Mutex<(record: LeaseRecord, at: ContinuousClock.Instant)?>(nil)
  /// As it was read or written last.
  private var known: LeaseStore.Stored?
  /// Whether another program of the same state directory has written it while it was ours.
  private var isShared = false
  private(set) var holder = ""
  /// Whether the Lease was looked at, or for.
  private var hasLooked = false
  /// Whether neither a Lease nor a record was there a moment ago.
  private var beginsAnew = false
  /// Whether there was no inventory then, either.
  private var findsNothing = false
  var records = SharedRecordCache()
  /// Whether it is asked for by a watcher.
  private var isWatching = false
  private var watchedUntil: Timestamp?

  init(
    _ options: KubernetesTargetOptions, environment: EnvironmentName, cluster: Cluster, roster: LeaseRoster
  ) {
    self.options = options
    self.environment = environment
    self.cluster = cluster
    self.roster = roster
    timing = ClaimTiming(duration: options.leaseDuration ?? KubernetesTargetOptions.leaseDuration(among: 1))
  }

  // MARK: Claiming

  func watchedBefore() -> Timestamp? { watchedUntil }

  func claim(for holder: String, isIdle: Bool, isWatching: Bool) async throws -> Claim {
    self.holder = holder
    self.isWatching = isWatching
    do {
      return try await tryClaim(holder, isIdle: isIdle)
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  private func tryClaim(_ me: String, isIdle: Bool) async throws -> Claim {
    let store = try await store()
    for _ in 0..<Self.tries {
      let began = ContinuousClock.now
      if !isHeld || known == nil { try await look(store) }
      switch observation.standing(of: me, at: .now, patience: timing.renewal) {
      case .mine:
        if isIdle, let wish = known?.record.wish, LeaseShare.leaves(roster.holding, to: wish) {
          guard try await release(to: wish.holder, store) else { continue }
          return .left(to: wish.holder)
        }
        if try await write(renewed(by: me), store, since: began) { return .held }
      case .free:
        if try await write(taken(by: me), store, since: began) { return .held }
      case .others(let other):
        over()
        try await wish(me, other, store)
        return .heldBy(other, isAlive: isAlive)
      }
    }
    throw Fault(
      .busy, "the Lease was written by others \(Self.tries) times while it was asked for",
      at: store.reference.description, remedy: "it is tried again")
  }

  private var isHeld: Bool {
    term.withLock { if case .until(let end) = $0 { ContinuousClock.now < end } else { false } }
  }

  private func look(_ store: LeaseStore) async throws(KubernetesError) {
    (beginsAnew, findsNothing) = (false, false)
    if !hasLooked {
      hasLooked = true
      if let left = await cluster.left.names(in: options.namespace, by: store.client),
        !left.leases.contains(store.reference.name)
      {
        beginsAnew = !left.configMaps.contains(SharedRecordStore.name(of: environment))
        findsNothing = beginsAnew && !left.configMaps.contains(InventoryStore.name(of: environment.string))
        return
      }
    }
    known = try await store.read()
    hear()
    if let record = known?.record {
      observation.see(record, at: .now)
    } else {
      observation = LeaseObservation()
    }
  }

  private func hear() {
    guard let told = told.withLock({ $0 }), observation.since.map({ $0 < told.at }) ?? true else { return }
    observation.see(told.record, at: told.at)
  }

  func expiry() -> ContinuousClock.Instant? {
    hear()
    return observation.expiry
  }

  /// Whether its holder has renewed it under our eyes; by the clocks of both, for whoever can't wait to see that.
  private var isAlive: Bool {
    guard let record = observation.record else { return false }
    if observation.wasRenewed { return true }
    guard let renewed = Timestamp(parsing: record.renewed) else { return false }
    return Timestamp(Date()) - renewed < record.duration
  }

  /// - Returns: Whether it is ours now; not, where somebody else was quicker.
  private func write(
    _ record: LeaseRecord, _ store: LeaseStore, since began: ContinuousClock.Instant
  ) async throws(KubernetesError) -> Bool {
    let wasHeld = isHeld
    let watched = known.flatMap { Timestamp(parsing: $0.record.watched) }
    switch try await store.write(record, over: known) {
    case .done(let stored):
      known = stored
      observation.see(stored.record, at: .now)
      term.withLock { $0 = .until(began + timing.allowance) }
      // Who made the Lease is the first to write a record.
      if !wasHeld { records = SharedRecordCache(stored: beginsAnew ? .init(record: nil, version: nil) : nil) }
      if !wasHeld, isWatching { watchedUntil = watched }
      beginsAnew = false
      roster.hold(environment)
      return true
    case .nowhere:
      term.withLock { $0 = .none }
      return true
    case .overtaken:
      try await look(store)
      if observation.record?.holder == record.holder { isShared = true }
      return false
    }
  }

  private func renewed(by me: String) -> LeaseRecord {
    var record = known?.record ?? LeaseRecord()
    if !isHeld { isShared = true }
    record.renewed = Self.now
    record.seconds = seconds
    record.holds = roster.holding
    record.offer = nil
    if isWatching { record.watched = record.renewed }
    if let wish = record.wish, !LeaseShare.leaves(roster.holding, to: wish) { record.wish = nil }
    return record
  }

  private func taken(by me: String) -> LeaseRecord {
    isShared = false
    let before = known?.record
    let now = Self.now
    return LeaseRecord(
      holder: me, seconds: seconds, acquired: now, renewed: now,
      transitions: before.map { $0.transitions + 1 } ?? 0, holds: roster.holding + 1,
      watched: isWatching ? now : before?.watched ?? "")
  }

  private var seconds: Int { max(1, Int(timing.duration.components.seconds)) }

  /// As `MicroTime` is written: six digits of a second.
  private static var now: String { "\(Timestamp(Date()))".dropLast() + "000Z" }

  /// Whether the Lease was made where there was no inventory. Said once: then it is asked for, wherever it isn't known.
  func foundNoInventory() -> Bool {
    defer { findsNothing = false }
    return findsNothing
  }

  // MARK: Letting go

  func release(sharing: Bool) async throws {
    defer { over() }
    guard isHeld, !(sharing && isShared) else { return }
    do {
      let store = try await store()
      for _ in 0..<Self.tries {
        if try await release(to: nil, store) { return }
        guard observation.record?.holder == holder, !sharing else { return }
      }
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  /// - Returns: Whether it is free now; not, where somebody has written it meanwhile.
  private func release(to other: String?, _ store: LeaseStore) async throws(KubernetesError) -> Bool {
    guard let before = known?.record else { return true }
    // Nothing is begun from here on, whatever becomes of the request.
    term.withLock { $0 = .over }
    let now = Self.now
    let free = LeaseRecord(
      seconds: 1, renewed: now, transitions: before.transitions, offer: other,
      watched: isWatching ? now : before.watched)
    guard case .done(let stored) = try await store.write(free, over: known) else {
      try await look(store)
      return false
    }
    known = stored
    observation.see(stored.record, at: .now)
    over()
    return true
  }

  private func over() {
    term.withLock { $0 = .over }
    roster.drop(environment)
  }

  nonisolated func check() throws(Fault) {
    if let rest = remaining(), rest <= .zero { throw lost }
  }

  nonisolated func remaining() -> Duration? {
    term.withLock { term in
      switch term {
      case .none: nil
      case .until(let end): end - .now
      case .over: .zero
      }
    }
  }

  private nonisolated var lost: Fault {
    Fault(
      .notOwner, "the Lease has run out or is somebody else's: nothing more is begun here", at: environment.string,
      remedy: "whoever holds it goes on; see `kubectl get lease mooring-\(environment)`")
  }

  // MARK: Sharing out

  /// Tells the holder that somebody has less to do.
  private func wish(_ me: String, _ other: String, _ store: LeaseStore) async throws {
    guard let record = known?.record, record.holder == other, record.wish?.holder != me else { return }
    guard let holds = roster.wish(for: environment, of: record.holds, until: .now + timing.duration) else { return }
    var wished = record
    wished.wish = LeaseRecord.Wish(holder: me, holds: holds)
    if case .done(let stored) = try await store.write(wished, over: known) { known = stored }
  }

  func chances() async throws -> AsyncStream<Void> {
    let (chances, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    do {
      let client = try await cluster.client()
      let place = WatchHub.Place(
        resource: try await client.resource(for: LeaseStore.kind), namespace: options.namespace)
      let name = "mooring-\(environment)"
      let subscriber = WatchHub.Subscriber(environment: environment.string) { [self] news in
        switch news {
        case .changed(let object, _) where object.name == name:
          let record = LeaseRecord(object)
          told.withLock { $0 = (record, .now) }
          if record.holder.isEmpty { continuation.yield() }
        case .gone(let reference, _) where reference.name == name: continuation.yield()
        case .begun, .everything: continuation.yield()
        case .changed, .gone, .seen, .blind: break
        }
      }
      let id = await cluster.watches.subscribe(to: [place], of: client, subscriber)
      continuation.onTermination = { [cluster] _ in cluster.leaveWatches(id) }
      return chances
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  private func store() async throws -> LeaseStore {
    LeaseStore(client: try await cluster.client(), namespace: options.namespace, environment: environment)
  }
}
