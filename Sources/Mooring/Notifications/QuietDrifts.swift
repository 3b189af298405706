import MooringModel

/// Which drifts were told of lately: further changes of these are held back, and told of together.
///
/// What the watcher heals, and is then changed in the same place again, is another drift and a further change all the same.
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
    /// Which fields, so that a change of something else is news.
    var place = ""
    /// Whether that it began was held back too: then nobody needs to be told that it has ended.
    var isUntold = false
    /// Whether it was told who it was, and not only who it may have been; `nil` in records of before.
    var isNamed: Bool?
  }

  private(set) var entries: [Identifier: Entry] = [:]
  /// Objects that the watcher has put back lately, and the drift that ended so.
  private(set) var healed: [ObjectName: Identifier] = [:]
  /// What the watcher began last to put back.
  private var healing: Set<Identifier> = []

  /// An event without the changes that are held back; `nil` where nothing is left of it.
  mutating func sift(_ event: Event, quiet: Duration, at now: Timestamp) -> Event? {
    switch event.payload {
    case .deploymentStarted(let started):
      healing = Set(event.initiator.kind == .person ? [] : started.drifts ?? [])
      return event
    case .driftDetected(var detected):
      detected.drifts = detected.drifts.filter { !takeUp($0, event, quiet, now) }
      return detected.drifts.isEmpty ? nil : event.with(.driftDetected(detected))
    case .driftChanged(var changed):
      changed.drifts = changed.drifts.filter { !hold($0, event, quiet, now) }
      return changed.drifts.isEmpty ? nil : event.with(.driftChanged(changed))
    case .driftResolved(var resolved):
      let how = resolved.how
      resolved.drifts = resolved.drifts.filter { !end($0, how, now) }
      return resolved.drifts.isEmpty ? nil : event.with(.driftResolved(resolved))
    default: return event
    }
  }

  /// A change of what the watcher put back a moment ago is held back like one of what wasn't.
  private mutating func takeUp(_ drift: Drift, _ event: Event, _ quiet: Duration, _ now: Timestamp) -> Bool {
    guard let last = healed.removeValue(forKey: drift.object), let entry = entries.removeValue(forKey: last),
      entry.held > 0 || now < entry.until, entry.place == drift.difference.place
    else {
      open(drift, quiet, now)
      return false
    }
    entries[drift.id] = entry
    entries[drift.id]?.isUntold = true
    return hold(drift, event, quiet, now)
  }

  private mutating func end(_ item: DriftResolved.Item, _ how: DriftResolved.How, _ now: Timestamp) -> Bool {
    guard how == .healed, healing.contains(item.id), let entry = entries[item.id], entry.held > 0 || now < entry.until
    else {
      entries[item.id] = nil
      return false
    }
    healed[item.object] = item.id
    return entry.isUntold
  }

  private mutating func hold(_ drift: Drift, _ event: Event, _ quiet: Duration, _ now: Timestamp) -> Bool {
    guard var entry = entries[drift.id], entry.held > 0 || now < entry.until else {
      open(drift, quiet, now)
      return false
    }
    // That it is known now who it was is worth a message.
    if entry.held == 0, entry.isNamed == false, drift.attribution?.certainty == .certain {
      open(drift, quiet, now)
      return false
    }
    entry.held += 1
    entry.line = Notification.plain(DriftNotification.line(drift))
    entry.event = event.id
    entries[drift.id] = entry
    return true
  }

  private mutating func open(_ drift: Drift, _ quiet: Duration, _ now: Timestamp) {
    guard quiet > .zero else { return }
    entries[drift.id] = Entry(
      until: now.advanced(by: quiet), since: now, place: drift.difference.place,
      isNamed: drift.attribution?.certainty == .certain)
    if entries.count > 2 * Self.most { shrink() }
  }

  /// Keeps the ones that were told of last, those with something held back before the others.
  private mutating func shrink() {
    let kept = entries.sorted {
      ($0.value.held > 0 ? 1 : 0, $0.value.until) > ($1.value.held > 0 ? 1 : 0, $1.value.until)
    }
    entries = Dictionary(uniqueKeysWithValues: kept.prefix(Self.most).map { ($0.key, $0.value) })
    forget()
  }

  private mutating func forget() { healed = healed.filter { entries[$0.value] != nil } }

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
    for (id, entry) in ready(at: now, quiet) {
      entries[id] = Entry(until: now.advanced(by: quiet), since: now, place: entry.place)
    }
    entries = entries.filter { $0.value.held > 0 || now < $0.value.until }
    forget()
  }

  private func ready(at now: Timestamp, _ quiet: Duration) -> [(key: Identifier, value: Entry)] {
    let limit = now.advanced(by: quiet / 10)
    return entries.filter { $0.value.held > 0 && $0.value.until <= limit }.sorted { $0.key < $1.key }
  }
}

extension Difference {
  /// Which of its fields differ, and not in what.
  fileprivate var place: String {
    let names = fields.map { "\($0.document ?? ""):\($0.field)" }
    return Notification.plain("\(kind.rawValue) \(names.joined(separator: " "))")
  }
}
