/// What somebody changed in production by hand, from when it was seen until it ended.
public struct HandChange: Hashable, Sendable {
  public var id: Identifier
  public var object: ObjectName
  public var kind: Difference.Kind
  public var fields: [FieldChange]
  public var lines: [String]
  public var more: Int
  public var attribution: Attribution?
  public var at: Timestamp
  public var ended: End?

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

  /// All that a journal tells of, oldest first; a drift that was changed again is another one that follows it.
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
          open[drift.id, default: []].append(changes.count)
          changes.append(HandChange(drift, at: event.time))
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
    lines = drift.difference.lines
    more = drift.difference.more
    attribution = drift.attribution
    at = min(drift.attribution?.at ?? drift.changed ?? time, time)
  }
}
