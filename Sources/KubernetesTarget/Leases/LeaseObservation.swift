import MooringModel

/// What is known of a lease by having looked at it, and so whether it has run out.
///
/// The times in it are by its holder's clock and are only compared with each other: what counts is how long, by the clock
/// here that never steps, nobody has renewed it (client-go, `tools/leaderelection`).
struct LeaseObservation: Sendable {
  enum Standing: Sendable, Hashable {
    case mine
    case free
    case others(String)
  }

  private(set) var record: LeaseRecord?
  private(set) var since: ContinuousClock.Instant?
  /// Whether its holder has renewed it since it was first looked at.
  private(set) var wasRenewed = false

  init() {}

  mutating func see(_ new: LeaseRecord, at now: ContinuousClock.Instant) {
    if let record, Self.isSame(record, new) {
      self.record = new
      return
    }
    wasRenewed = record.map { $0.holder == new.holder } ?? false
    record = new
    since = now
  }

  /// When it runs out for whoever waits, if nobody renews it; `nil` where nobody holds it.
  var expiry: ContinuousClock.Instant? {
    guard let record, let since, !record.holder.isEmpty else { return nil }
    return since + record.duration
  }

  /// A wish that somebody adds doesn't renew a lease.
  private static func isSame(_ one: LeaseRecord, _ other: LeaseRecord) -> Bool {
    one.holder == other.holder && one.renewed == other.renewed && one.acquired == other.acquired
      && one.transitions == other.transitions
  }

  /// - Parameter patience: How long what was released for somebody else is left to them.
  func standing(of me: String, at now: ContinuousClock.Instant, patience: Duration) -> Standing {
    guard let record, let since else { return .free }
    if record.holder == me { return .mine }
    if record.holder.isEmpty {
      guard let offer = record.offer, offer != me, now - since < patience else { return .free }
      return .others(offer)
    }
    return now - since >= record.duration ? .free : .others(record.holder)
  }
}
