/// All that is known of an environment, from the events of its journal alone.
public struct EnvironmentState: Hashable, Sendable, Codable {
  /// The state directory that owns the journal: the first that wrote to it, or the last that took it over.
  public var owner: String?
  public var catalogue: Catalogue?
  public var definition: Definition?
  /// The newest numbered release; `nil` while only the catalogue is known.
  public var newest: Release?
  public var lastNumber = ReleaseNumber(0)
  /// The revision from which numbering goes on.
  public var anchor: Revision?
  /// What production runs, as far as deployments say.
  public var deployed: DeployedRelease?
  /// Releases that ran and whose gates held, oldest first, without those that were rolled back; at most 50.
  public var verified: [DeployedRelease] = []
  public var inFlight: DeploymentInFlight?
  public var rollback: RollbackInFlight?
  /// The last rollback that ended, while it isn't known yet whether it helped.
  public var unjudged: UnjudgedRollback?
  public var holds: [HoldInForce] = []
  public var quarantine = Quarantine()
  /// The branch's release, while the quarantine keeps automation from deploying it.
  public var blocked: QuarantineBlocked?
  /// When automatic rollbacks began, since a person resumed last.
  var automaticRollbacks: [Timestamp] = []
  /// What an automatic rollback would have done, while what failed still runs.
  public var rehearsal: RollbackRehearsed?
  /// Revert commits that the remote branch doesn't have yet, oldest first.
  public var owed: [OwedRevert] = []
  /// Pull requests of ours that nothing waits in any more, and that stand open or have their branch still.
  public var needless: [NeedlessRequest] = []
  public var failure: FailedAttempt?
  public var lastAlertAbout: ContentID?
  /// What somebody changed in production, by object.
  public var drifts: [ObjectName: OpenDrift] = [:]
  /// What a person said is not to be judged.
  public var ignores: [IgnoredObject] = []
  /// Objects that were healed lately.
  var heals: [ObjectName: HealRecord] = [:]
  /// When programs that Mooring started ran, oldest first; at most 128.
  var programs: [Window] = []
  /// Objects that were written as they were lately.
  var lastTouched: [ObjectName: Timestamp] = [:]
  public var eventCount = 0
  public var lastEvent: Timestamp?
  /// When the journal's head was time-stamped last.
  public var anchored: Timestamp?
  /// What of the journal doesn't hold, as a person knows.
  public var acknowledged: [AcknowledgedHead] = []
  /// A rehearsal of going back that has begun and not ended.
  public var drill: DrillInFlight?
  /// The last one that ended, however.
  public var lastDrill: PastDrill?
  /// The last one that succeeded, unless a later one of the same release failed.
  public var rehearsed: PastDrill?

  public init() {}

  public init(replaying events: some Sequence<Event>) {
    for event in events { apply(event) }
  }

  /// The release to go back to when nothing else is said: the newest verified one that isn't what runs now, or what is
  /// about to run.
  public var previous: DeployedRelease? {
    let running = (inFlight?.started.release ?? deployed?.release)?.digest
    return verified.last { $0.release.digest != running && quarantine.entry(blocking: $0.release.digest) == nil }
  }

  public var isHeld: Bool { !holds.isEmpty }

  /// Whether nothing has begun that hasn't ended.
  public var isAtRest: Bool { inFlight == nil && rollback == nil && drill == nil }
}

/// A release in production.
public struct DeployedRelease: Hashable, Sendable, Codable {
  public var release: ReleaseReference
  public var since: Timestamp
  public var verified: Bool
  /// When it began to be deployed; `since` is when that had ended.
  public var began: Timestamp?
}

/// A deployment that has begun and not ended.
public struct DeploymentInFlight: Hashable, Sendable, Codable {
  public var started: DeploymentStarted
  public var initiator: Initiator
  public var at: Timestamp
  /// What its gates have answered.
  var gates: [GateResult] = []
}

/// A rollback that has begun and not ended.
public struct RollbackInFlight: Hashable, Sendable, Codable {
  public var started: RollbackStarted
  public var initiator: Initiator
  public var at: Timestamp
  public var deployment: DeploymentFinished?
  public var restored: Timestamp?
  /// When the release that is rolled back began to be deployed.
  public var badSince: Timestamp?
  /// Whether the revert is on the remote branch; `nil` until the first push has ended.
  public var pushed: Bool?
}

/// A hold with who set it and when.
public struct HoldInForce: Hashable, Sendable, Codable {
  public var hold: Hold
  public var initiator: Initiator
  public var since: Timestamp

  public init(hold: Hold, initiator: Initiator, since: Timestamp) {
    self.hold = hold
    self.initiator = initiator
    self.since = since
  }
}

/// A revert commit that waits to be pushed.
public struct OwedRevert: Hashable, Sendable, Codable {
  public var rollback: Identifier
  public var revert: RevertCommit
  public var since: Timestamp
  public var why: String?
  /// The pull request that it waits in.
  public var request: PullRequest?
  /// Whether that was closed without being merged.
  public var isDeclined = false

  public init(rollback: Identifier, revert: RevertCommit, since: Timestamp) {
    self.rollback = rollback
    self.revert = revert
    self.since = since
  }
}

/// A release that could not be deployed, and how often that was tried.
public struct FailedAttempt: Hashable, Sendable, Codable {
  public var release: ReleaseReference
  public var attempts: Int
  public var last: Timestamp
  public var detail: String?
  /// Something was done about it: a rollback, a hold, a person who resumed. It isn't done again by itself.
  public var isAnswered: Bool
  /// What the last attempt showed.
  var deployment: Identifier?
  var began: Timestamp?
  var gates: [GateResult] = []
  /// What stood in its way may be gone: production is as it was deployed again.
  var isWorthTrying = false

  /// The grounds for going back.
  public var evidence: FailureEvidence? {
    guard let deployment, let began else { return nil }
    return FailureEvidence(
      release: release, deployment: deployment, began: began, failed: last, gates: gates, detail: detail)
  }

  /// How often a release is tried without being asked.
  static let mostAttempts = 8

  /// Failures that may pass (a full disk) are tried again after 30 s, 1 min, 2 min, … up to 16 min, and not for ever; one
  /// before any gate was asked also when the last drift is settled, since a deployment stops before it goes over one.
  public func mayRetry(at now: Timestamp) -> Bool {
    attempts < Self.mostAttempts
      && (isWorthTrying || now >= last.advanced(by: .seconds(30 << min(attempts - 1, 5))))
  }
}
