import MooringModel

/// Whether API servers tell everything, as far as that can be known: whether they tell of requests of our own.
///
/// One of several servers that isn't told to tell, or several watchers behind one address, each of which hears a part, look
/// from here like servers that have nothing to tell. So requests are made now and then that change nothing, as many at once
/// as there are connections, and all of them have to be told of.
///
/// A pure value: times are handed in, by our own clock.
struct AuditHearing: Sendable {
  /// How long servers may take; by default they collect events for 30 s.
  static let patience = Duration.seconds(60)

  private struct Round {
    var sent: Timestamp
    var unheard: Set<String>
    var wasHeard = false
  }

  private var rounds: [Round] = []
  /// From when on all was told of, without a break; `nil` where it isn't known, or wasn't.
  private(set) var proven: Timestamp?

  /// Requests with these names are about to be made.
  ///
  /// - Returns: Whether some of those before weren't told of, which had been.
  mutating func expect(_ names: Set<String>, at now: Timestamp) -> Bool {
    let isBroken = rounds.contains { now - $0.sent > Self.patience }
    rounds.removeAll { now - $0.sent > Self.patience }
    rounds.append(Round(sent: now, unheard: names))
    defer { if isBroken { proven = nil } }
    return isBroken && proven != nil
  }

  /// A request didn't reach a server.
  mutating func withdraw(_ name: String) { settle(name, wasHeard: false) }

  mutating func hear(_ name: String) { settle(name, wasHeard: true) }

  private mutating func settle(_ name: String, wasHeard: Bool) {
    guard let index = rounds.firstIndex(where: { $0.unheard.contains(name) }) else { return }
    rounds[index].unheard.remove(name)
    if wasHeard { rounds[index].wasHeard = true }
    guard rounds[index].unheard.isEmpty else { return }
    let round = rounds.remove(at: index)
    if round.wasHeard { proven = proven ?? round.sent }
  }
}
