import MooringModel

/// Drift in sentences: `drift: app/config.yaml worker.pool.size: 32 → 64 by ann (vim, sudo)`.
enum DriftMessage {
  /// Drifts that a message lists one by one.
  private static let listed = 100

  static func detected(_ detected: DriftDetected) -> String {
    "drift: " + several(detected.drifts) + window(detected.unattended)
  }

  static func changed(_ changed: DriftChanged) -> String {
    "drift changed: " + several(changed.drifts) + window(changed.unattended)
  }

  static func resolved(_ resolved: DriftResolved, by initiator: Initiator) -> String {
    let count = resolved.drifts.count
    let what = count == 1 ? resolved.drifts.first?.object.string ?? "" : "\(count) objects"
    let how =
      switch resolved.how {
      case .healed: "put back by \(initiator)"
      case .adopted: "adopted by \(initiator)" + (resolved.commit.map { " as commit \($0.short)" } ?? "")
      case .ignored: "ignored by \(initiator)" + (resolved.until.map { " until \($0)" } ?? "")
      case .undone: "put back by hand" + (resolved.attribution.map { " by \($0)" } ?? "")
      case .deployed: "gone with a deployment"
      }
    return "drift ended: \(EventMessage.bounded(what)) \(how)"
  }

  static func ignored(_ ignored: DriftIgnored, by initiator: Initiator) -> String {
    let what = ignored.object.string + (ignored.field.map { ":" + $0 } ?? "")
    let until = ignored.until.map { " until \($0)" } ?? ""
    return "\(EventMessage.bounded(what)) is ignored\(until) by \(initiator)"
      + (ignored.reason.map { ": " + EventMessage.bounded($0) } ?? "")
  }

  static func fought(_ fought: DriftFought) -> String {
    let whom = fought.attribution.map { " by \($0)" } ?? ""
    let next = fought.next.map { "it is healed again after \($0)" } ?? "it isn't healed any more"
    return
      "\(EventMessage.bounded(fought.object.string)) was put back \(fought.heals) times and changed again\(whom); \(next)"
  }

  static func details(of drifts: [Drift]) -> [String] {
    drifts.prefix(listed).flatMap { drift in
      ["Drift: \(drift.id) \(one(drift))"]
        + drift.difference.fields.dropFirst().map { "  " + EventMessage.bounded($0.description) }
    }
  }

  private static func several(_ drifts: [Drift]) -> String {
    guard drifts.count != 1, let first = drifts.first else { return drifts.first.map(one) ?? "nothing" }
    let people = Set(drifts.compactMap { $0.attribution?.description }).sorted()
    let whom = people.isEmpty ? "" : " by " + EventMessage.bounded(people.prefix(3).joined(separator: ", "))
    return "\(drifts.count) objects, \(EventMessage.bounded(first.object.string)) first\(whom)"
  }

  private static func one(_ drift: Drift) -> String {
    let whom = drift.attribution.map { " by \(EventMessage.bounded($0.description))" } ?? ""
    return "\(EventMessage.bounded(drift.object.string)) \(EventMessage.bounded(drift.difference.summary))\(whom)"
  }

  private static func window(_ window: Window?) -> String {
    window.map { ", between \($0.since) and \($0.until), unattended" } ?? ""
  }
}
