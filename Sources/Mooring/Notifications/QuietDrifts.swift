import MooringModel

/// Which drifts were told of lately: further changes of these are held back, and told of together.
struct QuietDrifts: Sendable, Hashable, Codable {
  /// Drifts that are remembered; of more than these the ones that were told of longest ago are told of at once again.
  static let most = 1000

  struct Entry: Sendable, Hashable, Codable {
    /// Until when changes are held back.
    var until: Timestamp
    var since: Timestamp
    /// How many changes were.
    var held = 0
    /// The last of them, as a line.
    var line = ""
    var event: Identifier?
  }

  private(set) var entries: [Identifier: Entry] = [:]

  /// An event without the changes that are held back; `nil` where nothing is left of it.
  mutating func sift(_ event: Event, quiet: Duration, at now: Timestamp) -> Event? {
    switch event.payload {
    case .driftDetected(let detected):
      for drift in detected.drifts { open(drift.id, quiet, now) }
      return event
    case .driftChanged(var changed):
      changed.drifts = changed.drifts.filter { !hold($0, event, quiet, now) }
      guard !changed.drifts.isEmpty else { return nil }
      var rest = event
      rest.payload = .driftChanged(changed)
      return rest
    case .driftResolved(let resolved):
      for drift in resolved.drifts { entries[drift.id] = nil }
      return event
    default: return event
    }
  }

  private mutating func hold(_ drift: Drift, _ event: Event, _ quiet: Duration, _ now: Timestamp) -> Bool {
    guard var entry = entries[drift.id], entry.held > 0 || now < entry.until else {
      open(drift.id, quiet, now)
      return false
    }
    entry.held += 1
    entry.line = Notification.plain(DriftNotification.line(drift))
    entry.event = event.id
    entries[drift.id] = entry
    return true
  }

  private mutating func open(_ id: Identifier, _ quiet: Duration, _ now: Timestamp) {
    guard quiet > .zero else { return }
    entries[id] = Entry(until: now.advanced(by: quiet), since: now)
    if entries.count > 2 * Self.most { shrink() }
  }

  /// Keeps the ones that were told of last, those with something held back before the others.
  private mutating func shrink() {
    let kept = entries.sorted {
      ($0.value.held > 0 ? 1 : 0, $0.value.until) > ($1.value.held > 0 ? 1 : 0, $1.value.until)
    }
    entries = Dictionary(uniqueKeysWithValues: kept.prefix(Self.most).map { ($0.key, $0.value) })
  }

  /// When something that is held back is due.
  var next: Timestamp? { entries.values.filter { $0.held > 0 }.map(\.until).min() }

  /// One message about everything that is due, and what is nearly due with it.
  func due(at now: Timestamp, quiet: Duration, of environment: EnvironmentName) -> Notification? {
    guard let next, next <= now else { return nil }
    let ready = ready(at: now, quiet)
    let count = ready.reduce(0) { $0 + $1.value.held }
    guard let last = ready.compactMap(\.value.event).max(), let first = ready.first else { return nil }
    let since = ready.map(\.value.since).min() ?? now
    let times = count == 1 ? "once" : "\(count) times"
    let what = ready.count == 1 ? first.value.line : "\(ready.count) objects"
    var summary = Notification(
      id: "\(last)-repeats", .drift, event: "drift.changed", .warning, environment, at: now,
      "drift changed \(times) more since \(since): \(what)"
    ).about(ready.map(\.key)).detailed(ready.count == 1 ? [] : ready.map { "\($0.value.line) (\($0.value.held))" })
    summary.repeats = count
    return summary
  }

  /// What was due has been told of.
  mutating func settle(at now: Timestamp, quiet: Duration) {
    for (id, _) in ready(at: now, quiet) { open(id, quiet, now) }
    entries = entries.filter { $0.value.held > 0 || now < $0.value.until }
  }

  private func ready(at now: Timestamp, _ quiet: Duration) -> [(key: Identifier, value: Entry)] {
    let limit = now.advanced(by: quiet / 10)
    return entries.filter { $0.value.held > 0 && $0.value.until <= limit }.sorted { $0.key < $1.key }
  }
}
