/// What somebody changed in production by hand, from when it was seen until it ended.
///
/// A journal tells each time of the whole difference from the release. Who changed something after another hand did is told by
/// what is other than that one left it.
public struct HandChange: Hashable, Sendable {
  public var id: Identifier
  public var object: ObjectName
  public var kind: Difference.Kind
  /// What this hand changed: from what the one before it left, and otherwise from the release.
  public var fields: [FieldChange]
  /// All that differs from the release after it.
  public var whole: [FieldChange]
  public var lines: [String]
  public var more: Int
  public var attribution: Attribution?
  public var at: Timestamp
  /// When the same object was changed again, before it was settled.
  public var changedAgain: Timestamp?
  /// How the drift ended that it is a part of.
  public var ended: End?
  private var fingerprint: String
  /// All lines that differ from the release after it.
  private var wholeLines: [String]

  /// How it ended.
  public struct End: Hashable, Sendable {
    public var how: DriftResolved.How
    public var at: Timestamp
    public var by: Initiator
    public var commit: Revision?
  }

  /// Whether what it left was in production at a moment. What is ignored, or adopted, is there until the next release is.
  public func isInForce(at moment: Timestamp, _ spans: [ProductionSpan]) -> Bool {
    guard at <= moment else { return false }
    guard let ended, ended.at <= moment else { return true }
    guard ended.how == .ignored || ended.how == .adopted else { return false }
    return !spans.contains { $0.since > ended.at && $0.since <= moment }
  }

  /// All that a journal tells of, oldest first.
  public static func all(of events: some Sequence<Event>) -> [HandChange] {
    var changes: [HandChange] = []
    var open: [Identifier: [Int]] = [:]
    for event in events {
      switch event.payload {
      case .driftDetected(let detected):
        for drift in detected.drifts where drift.difference.kind != .touched {
          open[drift.id, default: []].append(changes.count)
          changes.append(HandChange(drift, at: event.time))
        }
      case .driftChanged(let changed):
        for drift in changed.drifts where drift.difference.kind != .touched {
          let next = HandChange(drift, at: event.time)
          guard let last = open[drift.id]?.last else {
            open[drift.id] = [changes.count]
            changes.append(next)
            continue
          }
          guard changes[last].fingerprint != next.fingerprint else {
            // The same state, of which more is known now: an API server tells a while later who it was.
            changes[last].learn(from: next)
            continue
          }
          open[drift.id, default: []].append(changes.count)
          changes.append(next.following(&changes[last]))
        }
      case .driftResolved(let resolved):
        for item in resolved.drifts {
          for place in open[item.id] ?? [] {
            changes[place].ended = End(
              how: resolved.how, at: event.time, by: event.initiator, commit: resolved.commit)
          }
        }
      default: break
      }
    }
    return changes
  }

  private init(_ drift: Drift, at time: Timestamp) {
    id = drift.id
    object = drift.object
    kind = drift.difference.kind
    fields = drift.difference.fields
    whole = fields
    lines = drift.difference.lines
    wholeLines = lines
    more = drift.difference.more
    attribution = drift.attribution
    at = min(drift.attribution?.at ?? drift.changed ?? time, time)
    fingerprint = drift.difference.fingerprint
  }

  private mutating func learn(from other: HandChange) {
    attribution = other.attribution ?? attribution
    at = min(at, other.at)
  }
}

/// One hand after another on the same object.
extension HandChange {
  private func following(_ before: inout HandChange) -> HandChange {
    var change = self
    change.at = max(at, before.at)
    before.changedAgain = change.at
    // Of an object that is gone, or new, nothing is left of what was changed in it.
    guard kind == before.kind else { return change }
    change.fields = steps(from: before)
    change.lines = wholeLines == before.wholeLines ? [] : wholeLines
    // Where nothing of it can be told apart, as of values that are secret, all of it is told.
    if change.fields.isEmpty, change.lines.isEmpty { (change.fields, change.lines) = (whole, wholeLines) }
    return change
  }

  /// What is other than a hand before left it. What neither lists can't be told.
  private func steps(from before: HandChange) -> [FieldChange] {
    let known = Dictionary(before.whole.map { (Place($0), $0) }) { first, _ in first }
    var steps: [FieldChange] = []
    for field in whole {
      guard let old = known[Place(field)] else {
        steps.append(field)
        continue
      }
      guard old != field else { continue }
      var step = field
      step.old = old.new
      steps.append(step)
    }
    guard more == 0 else { return steps }
    let left = Set(whole.map(Place.init))
    for field in before.whole where !left.contains(Place(field)) {
      var back = field
      (back.old, back.new) = (field.new, field.old)
      steps.append(back)
    }
    return steps
  }

  private struct Place: Hashable {
    var aspect: FieldChange.Aspect
    var document: String?
    var field: String

    init(_ change: FieldChange) { (aspect, document, field) = (change.aspect, change.document, change.field) }
  }

  /// What is there of all changes at a moment: of each drift the last one, with each field under the hand that gave it the
  /// value that it has.
  public static func inForce(
    _ changes: [HandChange], at moment: Timestamp, _ spans: [ProductionSpan]
  ) -> [HandChange] {
    var parts: [Identifier: [HandChange]] = [:]
    for change in changes where change.at <= moment { parts[change.id, default: []].append(change) }
    var found: [HandChange] = []
    for change in changes where parts[change.id]?.last == change && change.isInForce(at: moment, spans) {
      found += change.shares(among: parts[change.id] ?? [])
    }
    return found
  }

  /// The hands that gave fields the values that they have after this one, each with those fields.
  private func shares(among parts: [HandChange]) -> [HandChange] {
    guard !whole.isEmpty else { return [self] }
    var shares = parts.map { part in
      var share = part
      share.fields = []
      return share
    }
    for field in whole {
      var setter = parts.count - 1
      while setter > 0, parts[setter - 1].kind == kind, parts[setter - 1].whole.contains(field) { setter -= 1 }
      shares[setter].fields.append(field)
    }
    return shares.filter { !$0.fields.isEmpty }
  }
}
