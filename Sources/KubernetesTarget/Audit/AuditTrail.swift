import Kubernetes
import MooringModel
import Synchronization

/// What API servers have told lately of who changed what in one cluster, for whoever asks, and for whoever waits.
///
/// In memory only, bounded by number and time: what is found with it stands in the journal.
final class AuditTrail: Sendable {
  static let mostWrites = 10_000
  static let memory = Duration.seconds(1800)
  /// Objects whose change waits for its author.
  static let mostAwaited = 10_000
  /// Events of one batch, as an API server sends them by default.
  fileprivate static let batch = 400

  /// What a listener is told.
  enum News: Sendable {
    /// More is known of who changed an object.
    case author(of: ObjectName)
    /// Somebody went into a container.
    case entry(ContainerEntry)
  }

  typealias Listener = @Sendable (News) -> Void

  /// An object whose author an environment wants to know.
  fileprivate struct Awaited: Hashable {
    var environment: EnvironmentName
    var object: ObjectName
  }

  fileprivate struct State {
    var writes: [AuditKey: [RecordedWrite]] = [:]
    /// Keys of the writes in the order in which they came; those before `first` are forgotten.
    var order: [AuditKey] = []
    var first = 0
    /// From when on everything was heard that was told; `nil` where nobody listens.
    var began: Timestamp?
    /// Whether everything is told.
    var hearing = AuditHearing()
    var awaited: [AuditKey: Set<Awaited>] = [:]
    var listeners: [EnvironmentName: (id: Int, listener: Listener)] = [:]
    var lastListener = 0
    /// Entries that were told of lately: each is told at its beginning and at its end.
    var entries: [String] = []
  }

  private let state = Mutex(State())

  var isOpen: Bool { state.withLock { $0.began != nil } }

  /// From now on API servers can tell.
  func open(at now: Timestamp) { state.withLock { $0.began = $0.began ?? now } }

  /// Something was told and couldn't be taken: only what comes from now on is all that there was.
  func miss(at now: Timestamp) { state.withLock { if $0.began != nil { $0.began = now } } }

  /// Takes what changed something, and wakes those who wait for it.
  func take(_ events: [AuditEvent], at now: Timestamp) {
    let woken = state.withLock { state in
      var woken: [(Listener, News)] = []
      for event in events where event.userAgent.hasPrefix(Cluster.userAgent) && event.verb == "delete" {
        if let name = event.object?.name { state.hearing.hear(name) }
      }
      for entry in events.compactMap({ ContainerEntry($0) }) where state.isNew(entry) {
        woken += state.listeners.values.map { ($0.listener, .entry(entry)) }
      }
      for write in events.compactMap({ RecordedWrite($0, arrived: now) }) {
        guard let key = write.key else { continue }
        state.keep(write, key)
        for awaited in state.awaited[key] ?? [] {
          if let known = state.listeners[awaited.environment] {
            woken.append((known.listener, .author(of: awaited.object)))
          }
        }
      }
      state.forget(before: now.advanced(by: .zero - Self.memory))
      return woken
    }
    for (listener, news) in woken { listener(news) }
  }

  /// Requests of ours are about to be made that servers should tell of.
  ///
  /// - Returns: Whether those before weren't told of, and earlier ones were.
  func expect(_ names: Set<String>, at now: Timestamp) -> Bool {
    state.withLock { $0.hearing.expect(names, at: now) }
  }

  /// One of them didn't reach a server.
  func withdraw(_ name: String) { state.withLock { $0.hearing.withdraw(name) } }

  /// Whether servers tell of them.
  var isProven: Bool { state.withLock { $0.hearing.proven != nil } }

  /// The writes of an object that came since a time, and whether that is all of them.
  ///
  /// Whoever asks for an environment and isn't content is woken when more of the object becomes known.
  ///
  /// - Parameters:
  ///   - since: `nil` where it isn't known since when the object differs.
  ///   - judge: Says who it was.
  func author(
    of key: AuditKey, _ object: ObjectName, in environment: EnvironmentName, since: Timestamp?,
    _ judge: (_ writes: [RecordedWrite], _ isComplete: Bool) -> Attribution?
  ) -> Attribution? {
    state.withLock { state in
      let all = (state.writes[key] ?? []) + (state.writes[key.collection] ?? [])
      let isComplete = since.map { since in state.complete.map { $0 <= since } ?? false } ?? false
      let author = judge(all.filter { write in since.map { write.arrived >= $0 } ?? true }, isComplete)
      let awaited = Awaited(environment: environment, object: object)
      for key in [key, key.collection] {
        if author?.certainty == .certain { state.stop(awaiting: awaited, key) } else { state.wait(awaited, key) }
      }
      return author
    }
  }

  /// Nothing of an environment waits any more.
  func forgetAwaited(of environment: EnvironmentName) {
    state.withLock { state in
      state.awaited = state.awaited.mapValues { $0.filter { $0.environment != environment } }.filter {
        !$0.value.isEmpty
      }
    }
  }

  /// Is told from now on which objects of an environment are to be looked at again.
  ///
  /// - Returns: By what to leave.
  func listen(for environment: EnvironmentName, _ listener: @escaping Listener) -> Int {
    state.withLock { state in
      state.lastListener += 1
      state.listeners[environment] = (state.lastListener, listener)
      return state.lastListener
    }
  }

  func leave(_ environment: EnvironmentName, _ id: Int) {
    state.withLock { state in
      if state.listeners[environment]?.id == id { state.listeners[environment] = nil }
    }
  }
}

extension AuditTrail.State {
  /// From when on everything is known that happened; `nil` where that isn't sure.
  fileprivate var complete: Timestamp? {
    guard let began, let proven = hearing.proven else { return nil }
    return max(began, proven)
  }

  fileprivate mutating func isNew(_ entry: ContainerEntry) -> Bool {
    if entries.contains(entry.id) { return false }
    entries = entries.suffix(AuditTrail.batch) + [entry.id]
    return began != nil
  }

  fileprivate mutating func wait(_ awaited: AuditTrail.Awaited, _ key: AuditKey) {
    guard began != nil, self.awaited.count < AuditTrail.mostAwaited || self.awaited[key] != nil else { return }
    self.awaited[key, default: []].insert(awaited)
  }

  fileprivate mutating func stop(awaiting awaited: AuditTrail.Awaited, _ key: AuditKey) {
    self.awaited[key]?.remove(awaited)
    if self.awaited[key]?.isEmpty ?? false { self.awaited[key] = nil }
  }

  fileprivate mutating func keep(_ write: RecordedWrite, _ key: AuditKey) {
    // Servers send a batch again whose answer they have missed.
    let latest = (writes[key] ?? []).suffix(AuditTrail.batch)
    guard !latest.contains(where: { $0.event.id == write.event.id }) else { return }
    writes[key, default: []].append(write)
    order.append(key)
    if order.count - first > AuditTrail.mostWrites { forgetOldest() }
  }

  fileprivate mutating func forget(before time: Timestamp) {
    while first < order.count, let oldest = writes[order[first]]?.first, oldest.arrived < time { forgetOldest() }
    if first > AuditTrail.mostWrites {
      order.removeFirst(first)
      first = 0
    }
  }

  private mutating func forgetOldest() {
    let key = order[first]
    first += 1
    guard let oldest = writes[key]?.removeFirst() else { return }
    if writes[key]?.isEmpty ?? false { writes[key] = nil }
    // What is said to be all begins after what was forgotten.
    if let began, oldest.arrived >= began { self.began = oldest.arrived.advanced(by: .milliseconds(1)) }
  }
}
