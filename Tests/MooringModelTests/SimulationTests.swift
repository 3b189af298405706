import MooringModel
import Testing

/// What must hold of every event, whatever happened before.
struct SimulationRules {
  private var lastNumber = 0
  private var deploymentsSinceAutomaticRollback = 1
  private var automaticRollbacks: [Timestamp] = []
  private(set) var counts: [String: Int] = [:]
  var drift = SimulatedDriftRules()

  mutating func check(_ event: Event, before state: EnvironmentState, _ world: SimulatedWorld) {
    drift.check(event, before: state)
    counts[event.payload.kind, default: 0] += 1
    switch event.payload {
    case .catalogue(let catalogue): lastNumber = catalogue.count - 1
    case .release(let release):
      #expect(release.number.value == lastNumber + 1, "numbers go on one by one")
      lastNumber = release.number.value
    case .deploymentStarted(let started): check(started, before: state, world)
    case .deploymentFinished(let finished):
      #expect(state.inFlight?.started.deployment == finished.deployment)
    case .rollbackStarted(let started):
      #expect(state.inFlight == nil && state.rollback == nil, "one rollback at a time, and not beside a deployment")
      guard started.automatic else { return }
      #expect(!world.policy.rollback.isRehearsed, "a dry run rolls back")
      checkBudget(world)
      #expect(deploymentsSinceAutomaticRollback > 0, "an automatic rollback follows an automatic rollback")
      deploymentsSinceAutomaticRollback = 0
    case .resume where event.initiator.kind == .person: automaticRollbacks = []
    case .rollbackFinished(let finished): #expect(state.rollback?.started.rollback == finished.rollback)
    case .drillStarted(let started):
      #expect(state.isAtRest && !state.isHeld && state.owed.isEmpty, "a drill begins beside something else")
      #expect(world.production == started.from.digest, "a drill returns to something else")
    case .drillFinished(let finished):
      #expect(state.drill?.started.drill == finished.drill)
      if finished.returned { #expect(world.production == state.drill?.started.from.digest, "a drill didn't return") }
    default: break
    }
  }

  /// Never more automatic rollbacks in a while than the budget has, unless a person resumed in between.
  private mutating func checkBudget(_ world: SimulatedWorld) {
    let budget = world.policy.rollback.budget
    automaticRollbacks = automaticRollbacks.filter { world.now - $0 < budget.within } + [world.now]
    #expect(automaticRollbacks.count <= budget.atMost, "more automatic rollbacks than the budget has")
  }

  private mutating func check(_ started: DeploymentStarted, before state: EnvironmentState, _ world: SimulatedWorld) {
    #expect(state.inFlight == nil, "two deployments at once")
    switch started.trigger {
    case .revision:
      #expect(!state.isHeld, "automation deploys under a hold")
      let candidate = Candidate(started.release.digest, world.resemblances(of: started.release.digest))
      let admission = admits(
        state.quarantine, candidate, at: world.now, for: world.policy.rollback.quarantineFor)
      #expect(admission == .admitted, "automation deploys what is quarantined")
      #expect(state.rollback == nil && state.drill == nil, "automation deploys beside a rollback or a drill")
      deploymentsSinceAutomaticRollback += 1
    case .asked, .heal: deploymentsSinceAutomaticRollback += 1
    case .rollback(let id): #expect(state.rollback?.started.rollback == id)
    case .drill(let id), .drillReturn(let id): #expect(state.drill?.started.drill == id)
    }
  }
}

@Suite("Deciding in a world where everything goes wrong") struct SimulationTests {
  @Test("keeps every rule, and comes to rest on the branch's release", arguments: 0..<100)
  func keepsEveryRule(seed: Int) throws {
    try keepsEveryRule(seed: seed, steps: 400)
  }

  @Test("keeps them for as long as it takes", arguments: 1000..<1020)
  func keepsThemForLong(seed: Int) throws {
    try keepsEveryRule(seed: seed, steps: 10_000)
  }

  private func keepsEveryRule(seed: Int, steps: Int) throws {
    var world = try SimulatedWorld(seed: UInt64(seed))
    for _ in 0..<steps { try world.step() }
    try world.calmDown()
    try rest(&world)
    #expect(world.state.isAtRest, "seed \(seed)")
    world.rules.drift.checkAllTold(of: world)

    // A person looks at what is held, settles it, and pushes something good.
    if world.state.isHeld { try world.hear(.asked(.resume(reason: "settled"), by: ann)) }
    try rest(&world)
    try world.liftQuarantine()
    world.push(good: true)
    try rest(&world)
    if world.state.isHeld { try world.hear(.asked(.resume(reason: "settled"), by: ann)) }
    try rest(&world)
    #expect(world.production == world.wanted, "seed \(seed)")
    #expect(world.state.deployed?.release.digest == world.wanted && world.state.deployed?.verified == true)
    #expect(world.state.inFlight == nil && world.state.rollback == nil && world.state.owed.isEmpty)
    #expect(
      world.state.needless.isEmpty && world.standingForNothing.isEmpty,
      "seed \(seed): a pull request stands for nothing")
    world.rules.drift.checkAllTold(of: world)
    #expect(EnvironmentState(replaying: world.events) == world.state)
    #expect(world.rules.counts["deployment.started"] == world.rules.counts["deployment.finished"])
    #expect(world.rules.counts["rollback.started"] == world.rules.counts["rollback.finished"])
    #expect(world.rules.counts["drill.started"] == world.rules.counts["drill.finished"])
  }

  /// Lets an hour of polls pass.
  private func rest(_ world: inout SimulatedWorld) throws {
    for _ in 0..<40 {
      repeat { try world.step() } while !world.isIdle
      world.now = world.now.advanced(by: .seconds(90))
    }
  }
}
