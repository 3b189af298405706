import MooringModel

/// An environment that is told facts one after the other, and remembers what was decided.
struct Story {
  var state = EnvironmentState()
  var policy = Policy()
  var now = morning
  var events: [Event] = []
  private var count = 0

  init(policy: Policy = Policy()) { self.policy = policy }

  /// Decides, records, and returns the decision in words: `+ kind` for events, in front of `> effect`.
  @discardableResult
  mutating func hear(_ fact: Fact) throws -> [String] {
    let decision = decide(state, fact, under: policy, as: "here", at: now)
    for draft in decision.events { try record(draft.payload, by: draft.initiator) }
    return decision.events.map { "+ " + $0.payload.words } + decision.effects.map { "> " + $0.words }
  }

  mutating func record(_ payload: Event.Payload, by initiator: Initiator = .watcher) throws {
    count += 1
    let event = Event(
      id: identifier("event-\(count)"), time: now, initiator: initiator, source: "here",
      environment: try EnvironmentName("production"), payload: payload)
    events.append(event)
    state.apply(event)
  }

  // MARK: Facts in short

  @discardableResult
  mutating func head(
    _ candidate: ReleaseReference?, new: [Release] = [], asked: SyncRequest? = nil,
    resembling found: [ReleaseDigest: Resemblance] = [:]
  ) throws -> [String] {
    try hear(
      .head(
        HeadReport(
          remote: candidate?.revision ?? revision(0), releases: new, candidate: candidate,
          resemblances: compared(found), asked: asked)))
  }

  @discardableResult
  mutating func planned(
    _ id: String, _ release: ReleaseReference, _ trigger: Trigger = .revision, by initiator: Initiator = .watcher,
    from old: ReleaseDigest?? = .none, resumes: Bool = false, resembling found: [ReleaseDigest: Resemblance] = [:]
  ) throws -> [String] {
    let plan = deploymentPlan(from: old ?? state.deployed?.release.digest, to: release.digest)
    return try hear(
      .planned(
        PlannedDeployment(
          id: identifier(id), release: release, trigger: trigger, initiator: initiator, plan: plan, resumes: resumes,
          resemblances: compared(found))))
  }

  /// As a reader that has compared with all that is in quarantine.
  private func compared(_ found: [ReleaseDigest: Resemblance]) -> Resemblances {
    Resemblances(compared: Set(state.quarantine.entries.map(\.digest)), found: found)
  }

  @discardableResult
  mutating func gates(_ id: String, pass: Bool) throws -> [String] {
    let result = GateResult(
      deployment: identifier(id), gate: "http", passed: pass, attempts: 1, milliseconds: 12,
      detail: pass ? nil : "503")
    return try hear(.gates(identifier(id), pass ? .held([result]) : .failed([result])))
  }

  /// Deploys a release from its first sight to the answer of its gates; returns the last decision.
  @discardableResult
  mutating func deploy(
    _ number: Int, pass: Bool = true, trigger: Trigger = .revision, by initiator: Initiator = .watcher
  ) throws -> [String] {
    let id = "deployment-\(number)"
    if state.lastNumber < ReleaseNumber(number) { try record(.release(release(number))) }
    try planned(id, v(number), trigger, by: initiator)
    try hear(.carriedOut(identifier(id), failure: nil, live: digest(number)))
    return try gates(id, pass: pass)
  }

  /// The revert commit to `vN` is made; the rollback is `rollback-N`.
  @discardableResult
  mutating func reverted(
    to number: Int, automatic: Bool = true, by initiator: Initiator = .watcher, revert: Bool = true,
    isRehearsal: Bool = false
  ) throws -> [String] {
    let request = RevertRequest(
      scope: .release(v(number)), reason: "it is bad", automatic: automatic, initiator: initiator,
      isRehearsal: isRehearsal)
    return try hear(
      .reverted(
        RevertMade(
          id: identifier("rollback-\(number)"), request: request, from: state.deployed?.release,
          to: revert ? pending(number) : v(number), undone: state.deployed.map { [$0.release.revision] } ?? [],
          revert: revert ? RevertCommit(commit: content(0xC0 + number), on: revision(number + 1)) : nil,
          ranBefore: true, change: QuarantinedChange(against: digest(number)))))
  }

  /// Production is brought to the release of `rollback-N`, and its gates answer.
  @discardableResult
  mutating func restored(to number: Int, pass: Bool = true) throws -> [String] {
    try planned("restoring-\(number)", pending(number), .rollback(identifier("rollback-\(number)")))
    try hear(.carriedOut(identifier("restoring-\(number)"), failure: nil, live: digest(number)))
    return try gates("restoring-\(number)", pass: pass)
  }

  @discardableResult
  mutating func pushed(to number: Int) throws -> [String] {
    try hear(
      .pushed([
        RevertPushed(
          rollback: identifier("rollback-\(number)"), commit: content(0xC0 + number), landed: content(0xC0 + number))
      ]))
  }

  @discardableResult
  mutating func notPushed(to number: Int, why: String = "no network") throws -> [String] {
    try hear(
      .notPushed([
        RevertOwed(rollback: identifier("rollback-\(number)"), commit: content(0xC0 + number), why: why)
      ]))
  }
}

extension Event.Payload {
  /// The kind, and what a test looks at.
  var words: String {
    switch self {
    case .deploymentStarted(let started): "deployment.started \(started.release.label)"
    case .deploymentFinished(let finished): "deployment.finished \(finished.outcome.rawValue)"
    case .rollbackFinished(let finished):
      "rollback.finished \(finished.outcome.rawValue)\(finished.pushed ? "" : ", owed")"
        + (finished.verdict.map { ", \($0)" } ?? "")
    case .hold(let hold): "hold \(hold.cause.rawValue)"
    case .drillFinished(let finished): "drill.finished \(finished.outcome.rawValue)"
    case .release(let release): "release \(release.number)"
    default: kind
    }
  }
}

extension Effect {
  /// The effect without the texts for people.
  var words: String {
    switch self {
    case .fetch: "fetch"
    case .readHead: "readHead"
    case .plan(let release, let trigger, let initiator, let resuming):
      "plan \(release.label) for \(initiator), \(trigger)\(resuming.map { ", resuming \($0)" } ?? "")"
    case .carryOut(let id, _): "carryOut \(id)"
    case .check(let id, let supersedable): "check \(id)\(supersedable ? ", supersedable" : "")"
    case .revert(let request):
      switch request.scope {
      case .release(let release):
        "revert to \(release.label)\(request.automatic ? ", automatic" : "")\(request.isRehearsal ? ", rehearsed" : "")"
      case .undo(let undoing): "revert of \(undoing.spans.map(\.newest.short).joined(separator: " "))"
      }
    case .push: "push"
    case .settle(let needless): "settle \(needless.map { "#\($0.request.number)" }.joined(separator: " "))"
    case .look(let request): "look\(request.scope == .everything ? "" : " at some")"
    case .heal(let request):
      "heal \((request.objects ?? []).map(\.string).sorted().joined(separator: " "))"
        + (request.resuming.map { ", resuming \($0)" } ?? "")
    case .adopt: "adopt"
    case .inspect: "inspect"
    case .alert: "alert"
    case .refuse(let fault): "refuse \(fault.code.rawValue)"
    }
  }
}
