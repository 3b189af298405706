/// What a state directory leaves for the next one that works on an environment.
public struct SharedRecord: Sendable, Hashable, Codable {
  /// How many entries of the quarantine are kept, the newest.
  public static let mostQuarantined = 1000
  /// Characters of a reason; the journal has all of it.
  static let longestReason = 300

  /// The state directory that wrote it.
  public var owner: String
  public var at: Timestamp
  /// The last commit of its journal.
  public var head: ContentID?
  /// Heads of journals that it knew of and never saw.
  public var missing: [ContentID]
  public var holds: [HoldInForce]
  public var quarantine: [QuarantineEntry]

  public init(
    owner: String, at: Timestamp, head: ContentID?, missing: [ContentID] = [], holds: [HoldInForce] = [],
    quarantine: [QuarantineEntry] = []
  ) {
    self.owner = owner
    self.at = at
    self.head = head
    self.missing = missing
    self.holds = holds
    self.quarantine = quarantine
  }

  /// What an environment's state comes to.
  public init(of state: EnvironmentState, owner: String, at: Timestamp, head: ContentID?, missing: [ContentID]) {
    self.init(
      owner: owner, at: at, head: head, missing: missing,
      holds: state.holds.map { held in
        var held = held
        held.hold.reason = String(held.hold.reason.prefix(Self.longestReason))
        return held
      },
      quarantine: state.quarantine.entries.suffix(Self.mostQuarantined).map { entry in
        var entry = entry
        entry.reason = String(entry.reason.prefix(Self.longestReason))
        // What it changed is known from the two trees.
        if let change = entry.change { entry.change = QuarantinedChange(against: change.against) }
        return entry
      })
  }

  /// All heads that a journal has to contain before it knows what the one that wrote this knew.
  public var heads: [ContentID] { (head.map { [$0] } ?? []) + missing }

  /// Whether nothing else than the time is different.
  public func saysTheSame(as other: SharedRecord) -> Bool {
    var other = other
    other.at = at
    return self == other
  }

  /// The holds and the quarantine that a state doesn't have, as events for its own journal.
  public func carriedOver(to state: EnvironmentState) -> [EventDraft] {
    let holds = self.holds.filter { held in !state.holds.contains { $0.hold.cause == held.hold.cause } }
    let entries = quarantine.filter { state.quarantine.entry(blocking: $0.digest) == nil }
    return holds.map { EventDraft(.hold($0.hold), by: $0.initiator) }
      + entries.map { EventDraft(.quarantine($0), by: .watcher) }
  }

  /// Whether an event changes what the next one has to know before anything else is done.
  public static func mustTell(of payload: Event.Payload) -> Bool {
    switch payload {
    case .hold, .resume, .quarantine, .quarantineLifted, .takeover, .rollbackStarted, .drillStarted: true
    default: false
    }
  }
}
