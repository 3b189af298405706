/// All that a journal knows of one rollback and of what led to it: who, what, when, and what is still open.
///
/// Pure: the same events make the same incident. It grows with what is recorded of it later.
public struct Incident: Sendable, Hashable, Encodable {
  /// One line of the story.
  public struct Entry: Sendable, Hashable, Encodable {
    public var at: Timestamp
    public var by: String
    /// By which way a person came in; absent for what Mooring did by itself.
    public var door: Initiator.Door?
    public var kind: String
    public var what: String
  }

  /// What a gate said.
  public struct Gate: Sendable, Hashable, Encodable {
    public var at: Timestamp
    public var release: String
    public var gate: String
    public var passed: Bool
    public var attempts: Int
    public var milliseconds: Int64
    public var detail: String?
  }

  /// One deployment on the way.
  public struct Act: Sendable, Hashable, Encodable {
    public var at: Timestamp
    public var release: String
    public var trigger: String
    public var steps: [String]
    public var added: Int
    public var changed: Int
    public var removed: Int
    public var outcome: String?
    public var milliseconds: Int64?
  }

  public struct Note: Sendable, Hashable, Encodable {
    public var at: Timestamp
    public var by: String
    public var text: String
  }

  public var environment: String
  /// The rollback's identifier, which is the incident's.
  public var id: String
  public var automatic: Bool
  public var by: String
  public var reason: String
  public var from: ReleaseReference?
  public var to: ReleaseReference
  public var undone: [Revision]
  public var revert: Revision?
  public var ranBefore: Bool
  /// When the release that was rolled back began to be deployed.
  public var began: Timestamp?
  /// When it was known to be bad: a gate failed, or somebody asked for the rollback.
  public var detected: Timestamp
  public var detectedBy: String
  /// When the earlier release ran again.
  public var restored: Timestamp?
  /// `verified`, `restoredUnverified`, `failed`; absent while it is under way.
  public var outcome: String?
  public var pushed: Bool?
  public var detail: String?
  public var verdict: VerdictGiven?
  public var timeline: [Entry]
  /// Events of its time that the timeline has no room for.
  public var more: Int
  public var deployments: [Act]
  public var gates: [Gate]
  public var notes: [Note]
  /// Everybody who did something.
  public var people: [String]
  public var followUps: [String]
  /// The journal's last event that it was made from.
  public var asOf: Timestamp

  /// From the bad release's deployment to the moment when it was known to be bad.
  public var timeToDetect: Duration? { began.map { detected - $0 } }
  /// From then to the moment when the earlier release ran again.
  public var timeToRestore: Duration? { restored.map { $0 - detected } }
  public var title: String { "\(environment) rolled back from \(from?.label ?? "nothing") to \(target)" }
  /// `v41`
  public var target: String { to.restores?.description ?? to.label }
}
