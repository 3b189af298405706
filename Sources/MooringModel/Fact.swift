/// What the world says; what `decide` decides on.
public enum Fact: Sendable {
  /// The branch was read.
  case head(HeadReport)
  /// A plan was made; nothing has been touched.
  case planned(PlannedDeployment)
  /// No plan could be made: the release's tree is lost, or the target can't be observed.
  case notPlanned(ReleaseReference, Trigger, Fault)
  /// The steps of a deployment ended; `live` is what the target runs now, and `programs` when programs of the operator's
  /// ran for it.
  case carriedOut(
    Identifier, failure: Fault?, live: ReleaseDigest?, programs: [Window] = [], reached: Timestamp? = nil)
  /// The gates of a deployment ended.
  case gates(Identifier, GateVerdict, programs: [Window] = [], reached: Timestamp? = nil)
  /// A revert commit exists, in memory and in no branch yet.
  case reverted(RevertMade)
  case notReverted(RevertRequest, Identifier, Fault)
  /// Reverts reached the remote branch.
  case pushed([RevertPushed])
  /// A pull request of reverts isn't merged: it waits, or was closed.
  case heard(PullRequestNews)
  /// Pull requests that nothing waits in are put away.
  case settled([RequestSettled])
  /// Reverts are still owed.
  case notPushed([RevertOwed])
  /// The owed reverts conflict with what the remote branch has become.
  case replayConflict(Fault)
  /// Production was looked at.
  case looked(Look)
  /// It was looked at on the way to something else: what is there is recorded, and nothing more follows.
  case recorded(Look)
  /// Production is exactly what was deployed, and may be drilled; with the drill's identifier.
  case inspected(DrillRequest, Identifier)
  /// Live values are on a branch.
  case adopted(AdoptionMade)
  case asked(Request, by: Initiator)
  /// The environment was taken up; anything in flight was left by a program that stopped.
  case takenUp
}

/// What the branch holds.
public struct HeadReport: Sendable {
  public var remote: Revision
  /// Set when the environment is met for the first time.
  public var catalogue: Catalogue?
  /// Releases that the journal doesn't have yet, oldest first.
  public var releases: [Release]
  public var rewritten: HistoryRewritten?
  /// What the environment should run: the remote head's release, or that of the head with the owed reverts on it.
  public var candidate: ReleaseReference?
  /// What the candidate has in common with what is in quarantine.
  public var resemblances = Resemblances()
  /// Why there is no candidate.
  public var refusal: Fault?
  /// Why the candidate waits for a drill.
  public var undrilled: Fault?
  /// Why it waits for a backup.
  public var unsaved: Fault?
  public var asked: SyncRequest?

  public init(
    remote: Revision, catalogue: Catalogue? = nil, releases: [Release] = [], rewritten: HistoryRewritten? = nil,
    candidate: ReleaseReference? = nil, resemblances: Resemblances = Resemblances(), refusal: Fault? = nil,
    undrilled: Fault? = nil, asked: SyncRequest? = nil
  ) {
    self.undrilled = undrilled
    self.resemblances = resemblances
    self.remote = remote
    self.catalogue = catalogue
    self.releases = releases
    self.rewritten = rewritten
    self.candidate = candidate
    self.refusal = refusal
    self.asked = asked
  }
}

/// A person asks to fetch and reconcile now.
public struct SyncRequest: Sendable, Hashable {
  public var initiator: Initiator
  public var despiteHold: Bool
  /// Deploy although a drill is required first.
  public var withoutDrill: Bool
  /// Deploy although nothing proves that there is a backup.
  public var withoutBackup: Bool

  public init(
    initiator: Initiator, despiteHold: Bool = false, withoutDrill: Bool = false, withoutBackup: Bool = false
  ) {
    self.withoutBackup = withoutBackup
    self.initiator = initiator
    self.despiteHold = despiteHold
    self.withoutDrill = withoutDrill
  }
}

/// A deployment with its plan.
public struct PlannedDeployment: Sendable {
  public var id: Identifier
  public var release: ReleaseReference
  public var trigger: Trigger
  public var initiator: Initiator
  public var plan: Plan
  /// The deployment had begun before the program stopped.
  public var resumes: Bool
  /// What the release has in common with what is in quarantine.
  public var resemblances: Resemblances

  public init(
    id: Identifier, release: ReleaseReference, trigger: Trigger, initiator: Initiator, plan: Plan,
    resumes: Bool = false, resemblances: Resemblances = Resemblances()
  ) {
    self.resemblances = resemblances
    self.id = id
    self.release = release
    self.trigger = trigger
    self.initiator = initiator
    self.plan = plan
    self.resumes = resumes
  }
}

/// What the gates of a deployment said together.
public enum GateVerdict: Sendable {
  case held([GateResult])
  case failed([GateResult])
  /// Something newer takes over before they could say.
  case superseded(by: String)
}

/// What a person asks for.
public enum Request: Sendable {
  case sync(SyncRequest)
  case rollback(RevertRequest)
  /// Rehearse going back.
  case drill(DrillRequest)
  case hold(reason: String)
  case resume(reason: String)
  case takeover
  /// What images are was found out.
  case artifacts(Artifacts)
  /// Somebody should be told.
  case alert(String)
  /// Let automation deploy again what is in quarantine.
  case liftQuarantine(ReleaseDigest, reason: String)
  case note(String, incident: Identifier? = nil)
  /// Whether the last rollback helped.
  case verdict(VerdictGiven)
  /// Nobody watched for a time.
  case unattended(Window)
  /// An authority has time-stamped the journal.
  case anchor(Anchored)
  /// Somebody knows what of the journal doesn't hold.
  case acknowledge(Acknowledged)
  /// Look at production.
  case look(LookRequest)
  case heal(HealRequest)
  case adopt(AdoptRequest)
  case ignore(DriftIgnored)
}

/// What is to be undone.
public struct RevertRequest: Sendable, Hashable {
  public enum Scope: Sendable, Hashable {
    /// The inputs become those of this release.
    case release(ReleaseReference)
    /// Commits are undone by a three-way merge.
    case undo(Undoing)

    /// One commit, and all that it changed.
    public static func commit(_ revision: Revision) -> Scope { .undo(Undoing([Undoing.Span(revision)])) }
  }

  public var scope: Scope
  public var reason: String
  public var automatic: Bool
  public var initiator: Initiator
  /// Paths that feed other environments too may be reverted.
  public var includeShared: Bool
  /// What an automatic one is for.
  public var evidence: FailureEvidence?
  /// Nothing is to be done: only what would be is to be said.
  public var isRehearsal: Bool

  public init(
    scope: Scope, reason: String, automatic: Bool, initiator: Initiator, includeShared: Bool = false,
    evidence: FailureEvidence? = nil, isRehearsal: Bool = false
  ) {
    self.evidence = evidence
    self.isRehearsal = isRehearsal
    self.scope = scope
    self.reason = reason
    self.automatic = automatic
    self.initiator = initiator
    self.includeShared = includeShared
  }
}

/// A revert commit that was made, and what it means.
public struct RevertMade: Sendable {
  public var id: Identifier
  public var request: RevertRequest
  public var from: ReleaseReference?
  public var to: ReleaseReference
  public var undone: [Revision]
  /// `nil` where production alone is restored.
  public var revert: RevertCommit?
  public var ranBefore: Bool
  /// What the release that is left behind had changed.
  public var change: QuarantinedChange?
  /// Why the commit isn't signed, where it should be.
  public var unsigned: Fault?

  public init(
    id: Identifier, request: RevertRequest, from: ReleaseReference?, to: ReleaseReference, undone: [Revision],
    revert: RevertCommit?, ranBefore: Bool, change: QuarantinedChange? = nil
  ) {
    self.change = change
    self.id = id
    self.request = request
    self.from = from
    self.to = to
    self.undone = undone
    self.revert = revert
    self.ranBefore = ranBefore
  }
}
