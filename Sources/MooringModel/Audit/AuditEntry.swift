/// One thing that happened to an environment, from its beginning to its end: what the journal's events and Git's commits
/// say of it, joined.
public struct AuditEntry: Hashable, Sendable, Encodable {
  public enum Kind: String, Hashable, Sendable, Encodable, CaseIterable {
    /// A release: a commit that changed the inputs.
    case change
    case deployment, rollback, drill, drift, adoption, ignored, hold, quarantine, takeover
    case historyRewritten = "history-rewritten"
    /// A time in which nobody watched.
    case gap
    case anchor, alert, note
    /// A person knows what of the journal doesn't hold.
    case acknowledged
    /// What another state directory wrote at the same time was taken in.
    case union
  }

  public var kind: Kind
  /// The event that it began with.
  public var event: Identifier
  public var since: Timestamp
  /// When it ended; `nil` where it hasn't, or where it took no time.
  public var until: Timestamp?
  /// Who caused it: of a drift who changed production, as far as that is known.
  public var by: String?
  /// The way by which a person came in.
  public var door: Initiator.Door?
  /// `v41`
  public var release: String?
  public var revision: Revision?
  /// A commit that was made for it: a revert, an adoption.
  public var commit: Revision?
  public var author: String?
  public var committer: String?
  /// Of a merge: who wrote what it took in.
  public var merged: [String] = []
  public var approvedBy: [String] = []
  public var coAuthors: [String] = []
  public var pullRequest: String?
  public var signature: String?
  /// Of a change: when it first ran in production, and when it ceased to be what runs.
  public var reachedProduction: Timestamp?
  public var leftProduction: Timestamp?
  public var object: String?
  /// Of a drift: what differs. Values of secrets are not in it.
  public var fields: [FieldChange] = []
  /// On one line.
  public var summary: String
  /// `verified`, `failed`, `healed`, …; `nil` where it has none, or hasn't ended.
  public var outcome: String?
  /// Who ended it, where that is known.
  public var endedBy: String?
  public var why: String?
  /// Of what may take no time, as a note on a quarantine does: whether this one goes on until its end is told.
  var lasts = false

  enum CodingKeys: String, CodingKey {
    case kind, event, since, until, by, door, release, revision, commit, author, committer, merged, approvedBy,
      coAuthors
    case pullRequest, signature, reachedProduction, leftProduction, object, fields, summary, outcome, endedBy, why
  }

  init(_ kind: Kind, _ event: Event, since: Timestamp? = nil, summary: String) {
    self.kind = kind
    self.event = event.id
    self.since = since ?? event.time
    self.summary = summary
    by = event.initiator.name
    door = event.initiator.door
  }

  /// Whether any of it lies in a period: of a change also where production runs it then.
  public func overlaps(_ period: AuditPeriod) -> Bool {
    if let end = period.until, since >= end { return false }
    guard let begin = period.since else { return true }
    if isOpen || (until ?? since) >= begin { return true }
    guard let reachedProduction, period.until.map({ reachedProduction < $0 }) ?? true else { return false }
    return leftProduction.map { $0 >= begin } ?? true
  }

  /// Whether it goes on.
  private var isOpen: Bool {
    switch kind {
    case .drift, .hold, .deployment, .rollback, .drill, .gap: until == nil
    case .quarantine: lasts && until == nil
    default: false
    }
  }
}

/// From a moment on, and before another.
public struct AuditPeriod: Hashable, Sendable {
  public var since: Timestamp?
  public var until: Timestamp?

  public init(since: Timestamp? = nil, until: Timestamp? = nil) {
    self.since = since
    self.until = until
  }
}
