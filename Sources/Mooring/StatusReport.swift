import Git
import MooringJournal
public import MooringModel

/// Where an environment stands, for `mooring status` and, later, the page.
public struct StatusReport: Sendable, Encodable {
  public struct Release: Sendable, Encodable {
    public var number: Int?
    /// `v41`, or `v41 (revert pending)`.
    public var label: String
    public var revision: String
    public var digest: String
    public var since: Timestamp
    public var verified: Bool
    /// Who signed its commit; `nil` where nobody asked.
    public var signature: ReleaseSignature?
  }

  /// The newest release, where it is kept out of production.
  public struct Refused: Sendable, Encodable {
    public var release: String
    public var revision: String
    public var reason: String
    public var signature: ReleaseSignature?
  }

  public struct Held: Sendable, Encodable {
    public var cause: String
    public var reason: String
    public var by: String
    public var since: Timestamp
  }

  public struct Owed: Sendable, Encodable {
    public var revert: String
    public var since: Timestamp
    public var why: String?
    /// The pull request that it waits in.
    public var pullRequest: PullRequest?
  }

  public struct Quarantined: Sendable, Encodable {
    public var release: String
    public var revision: String
    public var digest: String
    public var reason: String
  }

  /// What automation would deploy if it weren't for the quarantine.
  public struct Blocked: Sendable, Encodable {
    public var release: String
    public var revision: String
    /// The revision in quarantine that it resembles, and how: `digest`, `image` or `fields`.
    public var by: String
    public var rule: String
    public var message: String
  }

  /// The newest release, where it waits for something before it is deployed.
  public struct Waiting: Sendable, Encodable {
    public var release: String
    public var revision: String
    /// `drill` or `backup`.
    public var on: String
    public var reason: String
  }

  /// What an automatic rollback would have done, where `dryRun` keeps it from being one.
  public struct Rehearsal: Sendable, Encodable {
    public var from: String?
    public var to: String
    public var undone: [String]
    public var reason: String
    public var problem: String?
  }

  /// What somebody changed in production, as far as it is recorded.
  public struct Drift: Sendable, Encodable {
    public struct Item: Sendable, Encodable {
      /// The drift's identity in the journal.
      public var id: String
      public var object: String
      public var summary: String
      public var by: Attribution?
      public var since: Timestamp
    }

    /// How many objects are listed.
    public static let listed = 20

    public var count: Int
    /// The first ``listed`` by name.
    public var items: [Item]
  }

  public var name: String
  public var release: Release?
  /// The newest release of the branch.
  public var newest: String?
  /// The newest release, where it is not deployed for its content or its signature.
  public var refused: Refused?
  public var sync: String
  public var health: String
  /// Oldest first.
  public var holds: [Held]
  /// What waits to be healed, adopted or ignored.
  public var drift: Drift
  public var owed: [Owed]
  public var quarantine: [Quarantined]
  public var blocked: Blocked?
  public var waiting: Waiting?
  public var rehearsal: Rehearsal?
  /// What is happening now.
  public var activity: String?
  public var lastFailure: String?
  public var lastEvent: Timestamp?
  /// When the remote was last asked, and why it didn't answer.
  public var fetch: FetchRecord.Outcome?
  /// Whether another state directory owns the environment.
  public var readOnly: Bool
  /// Who works on it, where its target coordinates, and what they lack.
  public var worker: ClaimNote.Content?
  /// Since when, and why, changes aren't seen as they happen.
  public var unseen: SightNote.Content?
  /// A head that the journal had here, that Git doesn't have any more, and that nobody has acknowledged.
  public var lostJournal: String?
}

extension StatusReport {
  public init(_ context: EnvironmentContext) async throws {
    let state = try context.head().state
    self.init(context.configuration.name, state, isOwner: context.isOwner(state))
    if let number = state.deployed?.release.number {
      release?.signature = try context.journal.releases.release(number, of: context.name)?.signature
    }
    if context.coordination != nil { worker = ClaimNote(of: context.configuration.name, in: context.state).last }
    unseen = SightNote(of: context.configuration.name, in: context.state).last
    waiting = try await Waiting(context, state)
    fetch = FetchRecord(of: context.repository.name, in: context.state).last
    let lost = try context.journal.contradictingWitnesses(of: context.configuration.name, in: context.repository.git)
    lostJournal = try lost.first { try !state.acknowledges($0.head.content) }?.head.hex
  }

  init(_ name: EnvironmentName, _ state: EnvironmentState, isOwner: Bool) {
    self.name = name.string
    release = state.deployed.map { deployed in
      Release(
        number: deployed.release.number?.value, label: deployed.release.label,
        revision: deployed.release.revision.hex, digest: deployed.release.digest.hex, since: deployed.since,
        verified: deployed.verified)
    }
    newest = state.newest.map(\.number.description)
    refused = state.newest.flatMap { newest in
      newest.refusal.map {
        Refused(
          release: newest.number.description, revision: newest.revision.hex, reason: $0, signature: newest.signature)
      }
    }
    sync = Self.sync(state)
    health = Self.health(state)
    holds = state.holds.map {
      Held(cause: $0.hold.cause.rawValue, reason: $0.hold.reason, by: $0.initiator.name, since: $0.since)
    }
    drift = Drift(state.openDrifts)
    owed = state.owed.map { Owed(revert: $0.revert.commit.hex, since: $0.since, why: $0.why, pullRequest: $0.request) }
    quarantine = state.quarantine.entries.map {
      Quarantined(
        release: $0.number?.description ?? $0.revision.short, revision: $0.revision.hex, digest: $0.digest.hex,
        reason: $0.reason)
    }
    blocked = state.blocked.map {
      Blocked(
        release: $0.release.label, revision: $0.release.revision.hex, by: $0.revision.hex,
        rule: $0.resemblance.rule.rawValue, message: $0.message(in: name.string))
    }
    rehearsal = state.rehearsal.map {
      Rehearsal(
        from: $0.from?.label, to: $0.to.restores?.description ?? $0.to.label, undone: $0.undone.map(\.hex),
        reason: $0.reason, problem: $0.problem)
    }
    activity = Self.activity(state)
    lastFailure = state.failure.map { "\($0.release.label): \($0.detail ?? "failed")" }
    lastEvent = state.lastEvent
    readOnly = !isOwner
  }

  private static func activity(_ state: EnvironmentState) -> String? {
    let deploying = state.inFlight.map { "deploying \($0.started.release.label)" }
    guard let drill = state.drill?.started else { return deploying }
    return "a drill from \(drill.from.label) to \(drill.to.label) and back" + (deploying.map { ", " + $0 } ?? "")
  }

  private static func sync(_ state: EnvironmentState) -> String {
    guard let deployed = state.deployed?.release else { return state.newest == nil ? "unknown" : "outOfSync" }
    if !state.owed.isEmpty { return deployed.restores == nil ? "outOfSync" : "synced" }
    guard let newest = state.newest else { return "unknown" }
    return newest.digest == deployed.digest ? "synced" : "outOfSync"
  }

  private static func health(_ state: EnvironmentState) -> String {
    if state.inFlight != nil { return "progressing" }
    guard let deployed = state.deployed else { return "missing" }
    return deployed.verified ? "healthy" : "degraded"
  }

  /// Whether there is anything that a person should look at.
  public var needsAttention: Bool {
    lostJournal != nil || unseen != nil || worker?.behind != nil || !holds.isEmpty || drift.count > 0 || refused != nil
      || !owed.isEmpty
      || sync != "synced"
      || (health != "healthy" && health != "progressing")
  }
}

extension StatusReport.Waiting {
  fileprivate init?(_ context: EnvironmentContext, _ state: EnvironmentState) async throws {
    guard state.owed.isEmpty, let newest = state.newest, newest.refusal == nil, let next = newest.reference,
      next.digest != state.deployed?.release.digest
    else { return nil }
    if let fault = try context.missingDrill(of: next, state) {
      self.init(release: next.label, revision: next.revision.hex, on: "drill", reason: fault.what)
    } else if let fault = try await context.missingBackup(before: next, state) {
      self.init(release: next.label, revision: next.revision.hex, on: "backup", reason: fault.what)
    } else {
      return nil
    }
  }
}

extension StatusReport.Drift {
  fileprivate init(_ open: [(object: ObjectName, drift: OpenDrift)]) {
    count = open.count
    items = open.prefix(Self.listed).map { object, drift in
      Item(
        id: drift.id.string, object: object.string, summary: drift.summary, by: drift.attribution, since: drift.since)
    }
  }
}
