import MooringModel

/// What is told of a drift, of many at once where one event has many.
enum DriftNotification {
  static func of(_ event: Event) -> Notification? {
    switch event.payload {
    case .driftDetected(let detected): live(event, detected.drifts)
    case .driftChanged(let changed): live(event, changed.drifts)
    case .driftResolved(let resolved):
      Notification(event, .drift, .info).resolving(resolved.drifts.map(\.id))
        .detailed(resolved.drifts.count == 1 ? [] : resolved.drifts.map(\.object.string))
    case .driftFought(let fought):
      Notification(event, .drift, .critical).about([fought.drift].compactMap { $0 })
    default: nil
    }
  }

  private static func live(_ event: Event, _ drifts: [Drift]) -> Notification {
    // Of one drift the title has the first field already.
    let details =
      drifts.count == 1
      ? drifts[0].difference.fields.dropFirst().map(\.description) : drifts.map(line)
    return Notification(event, .drift, .warning).about(drifts.map(\.id)).detailed(details)
  }

  /// `app.yaml worker.pool.size: 32 → 64 by ann (vim, sudo)`
  static func line(_ drift: Drift) -> String {
    "\(drift.object) \(drift.difference.summary)" + (drift.attribution.map { " by \($0)" } ?? "")
  }
}
