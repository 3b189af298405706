import MooringModel

extension Event {
  /// Objects in one message: as many as are comfortably held in memory with all that is known of them.
  static let mostJoined = 10_000

  /// This with another payload.
  func with(_ payload: Payload) -> Event {
    var copy = self
    copy.payload = payload
    return copy
  }

  /// This and the next as one, where both are parts of what one look found: an event has room for so many drifts, and
  /// people want one message; `nil` where they aren't, or are about more than ``mostJoined`` objects.
  func joined(with next: Event) -> Event? {
    guard source == next.source, initiator == next.initiator,
      payload.driftCount + next.payload.driftCount <= Self.mostJoined
    else { return nil }
    switch (payload, next.payload) {
    case (.driftDetected(var all), .driftDetected(let more))
    where all.unattended == more.unattended && !all.isTouch && !more.isTouch:
      all.drifts += more.drifts
      return with(.driftDetected(all))
    case (.driftChanged(var all), .driftChanged(let more)) where all.unattended == more.unattended:
      all.drifts += more.drifts
      return with(.driftChanged(all))
    case (.driftResolved(var all), .driftResolved(let more)) where all.ended(like: more):
      all.drifts += more.drifts
      return with(.driftResolved(all))
    default: return nil
    }
  }
}

extension Event.Payload {
  fileprivate var driftCount: Int {
    switch self {
    case .driftDetected(let detected): detected.drifts.count
    case .driftChanged(let changed): changed.drifts.count
    case .driftResolved(let resolved): resolved.drifts.count
    default: 0
    }
  }
}

extension DriftDetected {
  /// Whether it tells of what was written and is as it should be.
  fileprivate var isTouch: Bool { drifts.first?.difference.kind == .touched }
}

extension DriftResolved {
  fileprivate func ended(like other: Self) -> Bool {
    how == other.how && until == other.until && attribution == other.attribution && commit == other.commit
  }
}
