import MooringModel
import Testing

/// Everything around `decide`, small: a branch, production, gates, a network, people, and crashes.
struct SimulatedWorld {
  var random: SeededGenerator
  var branch = SimulatedBranch()
  var production: ReleaseDigest?
  var state = EnvironmentState()
  var policy = Policy()
  var events: [Event] = []
  /// What the events give by themselves, as far as a start has read them.
  private var replayed = EnvironmentState()
  var now = morning
  /// Nothing goes wrong any more but bad releases.
  var isCalm = false
  var isOnline = true
  /// Reverts go by pull requests, as this one stands.
  var usesPullRequests = false
  var pullRequest: SimulatedPullRequest?
  /// The numbers of those that are open on the host.
  var standing: Set<Int> = []
  private var gatesAreBroken = false
  var fieldsByDigest: [ReleaseDigest: [Int]] = [:]
  private var pending: [Effect] = []
  /// What came of effects, and was not decided on yet.
  private var arrived: [Fact] = []
  /// What is asked for next; `nil` is a poll.
  private var waiting: [Fact?] = []
  /// Whoever waits for the one who works on it now.
  private var operators: [Fact] = []
  private var names = 0
  var rules = SimulationRules()
  /// What somebody has changed by hand, and to what; a deployment goes over it.
  var hands: [ObjectName: Int] = [:]
  var changes = 0

  init(seed: UInt64) throws {
    random = SeededGenerator(seed: seed)
    policy = Policy(
      automatic: true, automaticRollback: !random.chance(15),
      rollback: RollbackPolicy(
        budget: .init(atMost: Int.random(in: 1...4, using: &random), within: .seconds(1800)),
        isRehearsed: random.chance(10), quarantineFor: .seconds(random.chance(50) ? 1200 : 86_400)),
      drift: DriftPolicy(onDetect: random.chance(60) ? .heal : .alert), drills: DrillPolicy(isAllowed: true))
    usesPullRequests = random.chance(40)
    try session(.takenUp)
  }

  var isIdle: Bool { pending.isEmpty && arrived.isEmpty && waiting.isEmpty && operators.isEmpty }
  var wanted: ReleaseDigest { SimulatedBranch.digest(of: branch.fields(branch.remote)) }

  mutating func name() -> Identifier {
    names += 1
    return identifier("name-\(names)")
  }

  // MARK: The program

  /// Decides, records, and leaves the effects to be carried out in any order; a crash may come before each of them.
  mutating func hear(_ fact: Fact) throws {
    let decision = decide(state, fact, under: policy, as: "here", at: now)
    for draft in decision.events {
      let event = Event(
        id: name(), time: now, initiator: draft.initiator, source: "here", environment: try EnvironmentName("p"),
        payload: draft.payload)
      rules.check(event, before: state, self)
      events.append(event)
      state.apply(event)
    }
    pending += decision.effects
  }

  /// The lock is taken: what was in flight first, then what is asked.
  private mutating func session(_ fact: Fact?) throws {
    try hear(.takenUp)
    waiting.append(fact)
  }

  private mutating func crash() {
    pending = []
    arrived = []
    waiting = []
    operators = []
    for event in events.dropFirst(replayed.eventCount) { replayed.apply(event) }
    #expect(replayed == state)
    state = replayed
  }

  mutating func step() throws {
    now = now.advanced(by: .milliseconds(Int.random(in: 0..<3000, using: &random)))
    if !isCalm { try disturb() }
    if !arrived.isEmpty, pending.isEmpty || random.chance(50) {
      try hear(arrived.removeFirst())
    } else if !pending.isEmpty {
      let effect = pending.remove(at: Int.random(in: 0..<pending.count, using: &random))
      arrived += try outcome(of: effect)
    } else if !waiting.isEmpty {
      let fact = waiting.removeFirst()
      try hear(fact ?? report(nil, fetching: true))
    } else {
      let isFree = operators.isEmpty
      now = now.advanced(by: isFree ? .seconds(30) : .zero)
      try session(isFree ? (isCalm || random.chance(75) ? nil : askedFact(by: ann)) : operators.removeFirst())
      if isCalm || random.chance(50) { waiting.append(.asked(.look(LookRequest(.everything)), by: .watcher)) }
    }
  }

  private mutating func disturb() throws {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<4: crash()
    case 4..<8: isOnline.toggle()
    case 8..<10: gatesAreBroken.toggle()
    case 10..<20: push()
    case 30..<40: changeByHand()
    case 40..<44: operators.append(askedFact(by: random.chance(50) ? ann : bo))
    case 20..<21: try hear(.asked(.hold(reason: "freeze"), by: ann))
    case 21..<24 where state.isHeld: try hear(.asked(.resume(reason: "over"), by: ann))
    case 24..<28 where usesPullRequests: review()
    case 29 where usesPullRequests:
      if let entry = state.quarantine.entries.randomElement(using: &random) {
        try hear(.asked(.liftQuarantine(entry.digest, reason: "it was the gate"), by: bo))
      }
    case 28 where branch.history(of: branch.remote).count > 3:
      branch.remote = branch.history(of: branch.remote)[1]
    default: break
    }
  }

  /// Somebody changes one field, now and then to a bad value.
  mutating func push(good: Bool = false) {
    var fields = branch.fields(branch.remote)
    if good { fields = fields.map { $0 % 4 == 0 ? 1 : $0 } }
    repeat {
      fields[Int.random(in: 0..<3, using: &random)] = Int.random(in: 1...(good ? 3 : 5), using: &random)
    } while good && fields == branch.fields(branch.remote)
    branch.remote = branch.commit(fields, on: branch.remote)
  }

  mutating func calmDown() throws {
    crash()
    (isCalm, isOnline, gatesAreBroken) = (true, true, false)
    policy.automaticRollback = true
    policy.rollback.isRehearsed = false
  }

  private mutating func askedFact(by person: Initiator) -> Fact {
    if random.chance(40) { return askedAboutDrift() }
    if random.chance(25) { return .asked(.drill(DrillRequest(by: person)), by: person) }
    if random.chance(50), let target = state.verified.randomElement(using: &random) {
      return .asked(
        .rollback(
          RevertRequest(scope: .release(target.release), reason: "bad", automatic: false, initiator: person)),
        by: person)
    }
    return .asked(.sync(SyncRequest(initiator: person, despiteHold: random.chance(50))), by: person)
  }

  // MARK: Effects

  private mutating func outcome(of effect: Effect) throws -> [Fact] {
    switch effect {
    case .fetch(let asked): return isOnline ? [report(asked, fetching: true)] : []
    case .readHead: return [report(nil, fetching: false)]
    case .plan(let release, let trigger, let initiator, let resuming):
      if !isCalm, random.chance(4) { return [.notPlanned(release, trigger, Fault(.target, "can't look"))] }
      let seen = look(LookRequest(.everything)).map { [Fact.recorded($0)] } ?? []
      let made = plan(
        Observation(deployed: production), to: release.digest, changes: [], keeping: [], resuming: resuming != nil)
      return seen + [
        .planned(
          PlannedDeployment(
            id: resuming ?? name(), release: release, trigger: trigger, initiator: initiator, plan: made,
            resumes: resuming != nil, resemblances: resemblances(of: release.digest)))
      ]
    case .carryOut(let id, let plan): return [carryOut(id, plan)]
    case .check(let id, let supersedable): return [check(id, supersedable)]
    case .revert(let request): return [revert(request)]
    case .push: return usesPullRequests ? propose() : [pushOwed()]
    case .settle(let needless): return [settle(needless)]
    case .look(let request): return look(request).map { [.looked($0)] } ?? []
    case .heal(let request): return heal(request)
    case .adopt(let request): return adopt(request)
    case .inspect(let request):
      let seen = look(LookRequest(.everything)).map { [Fact.recorded($0)] } ?? []
      return seen + (hands.isEmpty ? [.inspected(request, name())] : [])
    case .alert, .refuse: return []
    }
  }

  private mutating func carryOut(_ id: Identifier, _ plan: Plan) -> Fact {
    #expect(state.inFlight?.started.deployment == id, "production is touched without an announcement")
    #expect(state.inFlight?.started.release.digest == plan.to)
    if let restorations = plan.restorations { return putBack(id, restorations, plan.to) }
    if !isCalm, random.chance(8) {
      return .carriedOut(id, failure: Fault(.target, "disk full"), live: production)
    }
    production = plan.to
    hands = [:]
    if !isCalm, random.chance(4) { return .carriedOut(id, failure: Fault(.program, "no reload"), live: production) }
    return .carriedOut(id, failure: nil, live: production)
  }

  private mutating func check(_ id: Identifier, _ supersedable: Bool) -> Fact {
    if supersedable, !operators.isEmpty || !isCalm && random.chance(10) {
      return .gates(id, .superseded(by: "something newer"))
    }
    let fields = production.flatMap { fieldsByDigest[$0] } ?? []
    let passes = SimulatedBranch.isGood(fields) && !gatesAreBroken
    let result = GateResult(deployment: id, gate: "http", passed: passes, attempts: 1, milliseconds: 1)
    return .gates(id, passes ? .held([result]) : .failed([result]))
  }

  private mutating func revert(_ request: RevertRequest) -> Fact {
    let id = name()
    guard case .release(let target) = request.scope, isCalm || !random.chance(5),
      let head = branch.replay(state.owed, on: branch.fetched).map({ $0.last ?? branch.fetched }),
      let wanted = fieldsByDigest[target.digest]
    else { return .notReverted(request, id, Fault(.conflict, "shared inputs")) }
    var made = RevertMade(
      id: id, request: request, from: state.deployed?.release, to: target, undone: [], revert: nil, ranBefore: true,
      change: QuarantinedChange(against: target.digest))
    if wanted == branch.fields(head) {
      guard state.deployed?.release.digest != target.digest else {
        return .notReverted(request, id, Fault(.state, "already runs"))
      }
      made.to = ReleaseReference(number: nil, revision: head, digest: target.digest, restores: target.number)
      return .reverted(made)
    }
    let commit = branch.commit(wanted, on: head)
    made.to = ReleaseReference(
      number: nil, revision: commit, digest: target.digest, restores: target.number ?? target.restores)
    made.revert = RevertCommit(commit: commit, on: head)
    return .reverted(made)
  }

  private mutating func pushOwed() -> Fact {
    let owed = state.owed
    guard isOnline else {
      return .notPushed(
        owed.map { RevertOwed(rollback: $0.rollback, commit: $0.revert.commit, why: "no network") })
    }
    branch.fetched = branch.remote
    guard let landed = branch.replay(owed, on: branch.remote) else {
      return .replayConflict(Fault(.conflict, "a field"))
    }
    branch.remote = landed.last ?? branch.remote
    branch.fetched = branch.remote
    return .pushed(
      zip(owed, landed).map { RevertPushed(rollback: $0.rollback, commit: $0.revert.commit, landed: $1) })
  }

  // MARK: Reading the branch

  private mutating func release(_ number: Int, _ id: Revision) -> Release {
    let fields = branch.fields(id)
    fieldsByDigest[SimulatedBranch.digest(of: fields)] = fields
    return Release(
      number: ReleaseNumber(number), revision: id, inputs: [], definition: definition,
      digest: SimulatedBranch.digest(of: fields), summary: "", author: "", committed: now)
  }

  private mutating func report(_ asked: SyncRequest?, fetching: Bool) -> Fact {
    if fetching, isOnline { branch.fetched = branch.remote }
    let tip = branch.fetched
    var report = HeadReport(remote: tip, asked: asked)
    if let anchor = state.anchor {
      var number = state.lastNumber.value
      for change in branch.changes(of: tip, since: anchor) {
        number += 1
        report.releases.append(release(number, change))
      }
      if anchor != tip, !branch.isAncestor(anchor, of: tip) {
        report.rewritten = HistoryRewritten(was: anchor, now: tip, vanished: [anchor])
      }
    } else {
      let changes = branch.changes(of: tip, since: nil)
      report.catalogue = Catalogue(count: changes.count, upTo: tip, definition: definition)
      report.releases = changes.last.map { [release(changes.count, $0)] } ?? []
    }
    choose(&report, tip)
    report.resemblances = report.candidate.map { resemblances(of: $0.digest) } ?? Resemblances()
    return .head(report)
  }

  private mutating func choose(_ report: inout HeadReport, _ tip: Revision) {
    if state.owed.isEmpty {
      report.candidate = (report.releases.last ?? state.newest).flatMap { newest in
        newest.digest.map { ReleaseReference(number: newest.number, revision: newest.revision, digest: $0) }
      }
    } else if let head = branch.replay(state.owed, on: tip)?.last {
      let made = release(0, head)
      report.candidate = made.digest.map { ReleaseReference(number: nil, revision: head, digest: $0) }
    }
  }
}
