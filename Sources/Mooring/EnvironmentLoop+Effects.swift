import Git
import MooringJournal
import MooringModel

extension EnvironmentLoop {
  /// Carries one effect out, and says what came of it.
  func perform(_ effect: Effect) async throws -> [Fact] {
    try context.coordination?.check()
    switch effect {
    case .fetch(let asked): return try await fetch(asked)
    case .readHead: return try await readHead(nil)
    case .plan(let release, let trigger, let initiator, let resuming):
      return try await makePlan(release, trigger, initiator, resuming: resuming)
    case .carryOut(let id, let plan): return try await carryOut(id, plan)
    case .check(let id, let supersedable): return [try await check(id, supersedable: supersedable)]
    case .revert(let request): return try await revert(request)
    case .push: return try await push()
    case .settle(let needless): return [.settled(try await settle(needless))]
    case .look(let request): return try await look(request)
    case .inspect(let request): return try await inspect(request)
    case .heal(let request): return try await heal(request)
    case .adopt(let request): return try await adopt(request)
    case .alert(let message):
      observer(.alert(message))
      return []
    case .refuse(let fault):
      refuse(fault)
      return []
    }
  }

  private func fetch(_ asked: SyncRequest?) async throws -> [Fact] {
    observer(.fetching)
    do {
      let observer = self.observer
      try await context.repository.fetch { observer(.received($0)) }
    } catch let fault as Fault {
      refuse(fault)
      return []
    }
    return try await readHead(asked)
  }

  private func readHead(_ asked: SyncRequest?) async throws -> [Fact] {
    do {
      return try await take(try await context.headReader.read(head.state, asked: asked))
    } catch {
      let fault = try fault(error)
      refuse(fault)
      observer(.alert(fault.description))
      return []
    }
  }

  func take(_ reading: HeadReader.Reading) async throws -> [Fact] {
    for (number, objects) in reading.objects { releaseObjects[number] = objects }
    var report = reading.report
    if let candidate = report.candidate {
      report.undrilled = try context.missingDrill(of: candidate, head.state)
      report.unsaved = try await context.missingBackup(before: candidate, head.state)
    }
    return [.head(report)]
  }

  /// What a person can be told of an error; rethrows what is none, such as a cancellation.
  func fault(_ error: any Error) throws -> Fault {
    switch error {
    case let fault as Fault: return fault
    case let error as GitError:
      return Fault(
        .repository, error.description, at: context.repository.git.path,
        remedy: "see `git fsck` of the remote; the local repository may be moved away, and is then fetched again")
    default: throw error
    }
  }

  // MARK: Deployment

  private func makePlan(
    _ release: ReleaseReference, _ trigger: Trigger, _ initiator: Initiator, resuming: Identifier?
  ) async throws -> [Fact] {
    do {
      let observation = try await context.target.observe()
      let contents = try StoredRelease(release.digest, in: context.repository.git)
      let (look, obstacle) = resuming == nil ? try await obstacles(to: release, trigger) : (nil, nil)
      let looked = look.map { [Fact.recorded($0)] } ?? []
      if let obstacle { return looked + [.notPlanned(release, trigger, obstacle)] }
      let plan = plan(
        observation, to: release.digest, changes: try changes(from: observation.deployed, to: release.digest),
        keeping: Set(head.state.verified.suffix(2).map(\.release.digest)),
        resuming: resuming != nil || trigger.isReturn,
        overwriting: trigger.isRollback || trigger.isReturn
          || context.configuration.policy.drift.inTheWay == .overwrite,
        isRollback: trigger.isRestoring, own: Set(look?.own ?? []),
        spared: try context.spared(of: contents, head.state))
      let planned = PlannedDeployment(
        id: resuming ?? Identifier(at: now), release: release, trigger: trigger, initiator: initiator, plan: plan,
        resumes: resuming != nil,
        resemblances: trigger.isRestoring
          ? .init() : try context.quarantine.resemblances(of: release.digest, head.state)
      )
      return looked + [.planned(planned)]
    } catch let fault as Fault {
      return [.notPlanned(release, trigger, fault)]
    }
  }

  /// The files in which two rendered trees differ; everything, where the first is unknown.
  func changes(from old: ReleaseDigest?, to new: ReleaseDigest) throws -> [PathChange] {
    let git = context.repository.git
    let known = try old?.object.known(in: git)
    return try git.changes(from: known, to: new.object).map(PathChange.init)
  }

  private func carryOut(_ id: Identifier, _ plan: Plan) async throws -> [Fact] {
    let contents = try StoredRelease(plan.to, in: context.repository.git)
    var failure: Fault?
    programs = ProgramTimes(context.time)
    reached = nil
    for step in plan.steps {
      let began = programs.now
      defer { if context.configuration.target.runsProgram(in: step.kind) { programs.add(since: began) } }
      do {
        observer(.step(try await context.target.carryOut(step, of: plan, contents: contents)))
        if step.kind == .activate { reached = context.time.now() }
      } catch let fault as Fault {
        try Task.checkCancellation()
        if step.kind == .retire {
          observer(.alert("old releases stay on the disk: \(fault)"))
        } else {
          failure = fault
          break
        }
      }
    }
    let live = try await live(after: failure, of: plan)
    return [.carriedOut(id, failure: failure, live: live, programs: programs.all, reached: reached)]
  }

  private func live(after failure: Fault?, of plan: Plan) async throws -> ReleaseDigest? {
    guard failure != nil else { return plan.to }
    do {
      return try await context.target.observe().deployed
    } catch let fault as Fault {
      observer(.alert("what production runs can't be seen: \(fault)"))
      return nil
    }
  }

  // MARK: Gates

  private func check(_ id: Identifier, supersedable: Bool) async throws -> Fact {
    let verdict = try await verdict(of: id, supersedable: supersedable)
    return .gates(id, verdict, programs: programs.all, reached: reached)
  }

  private func verdict(of id: Identifier, supersedable: Bool) async throws -> GateVerdict {
    let gates = context.configuration.gates
    let probe = try self.probe()
    let checker = GateChecker(deployment: id, probe: probe)
    let verdict = try await self.verdict(of: gates, checker, supersedable: supersedable)
    guard head.state.inFlight?.started.trigger.drill != nil, case .held(let results) = verdict else { return verdict }
    return Self.verdict(of: results + [try await proof(of: id)])
  }

  private func verdict(
    of gates: [GateConfiguration], _ checker: GateChecker, supersedable: Bool
  ) async throws -> GateVerdict {
    guard supersedable, !gates.isEmpty else { return Self.verdict(of: try await checker.check(gates)) }
    return try await withThrowingTaskGroup(of: GateVerdict.self) { group in
      group.addTask { Self.verdict(of: try await checker.check(gates)) }
      group.addTask { .superseded(by: try await self.somethingNewer()) }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { return .held([]) }
      return first
    }
  }

  private func probe() throws -> NetworkProbe {
    var probe = NetworkProbe(root: context.configuration.target.root, programs: programs)
    guard let digest = head.state.inFlight?.started.release.digest else { return probe }
    let contents = try StoredRelease(digest, in: context.repository.git)
    probe.health = { [target = context.target] in try await target.health(of: contents) }
    return probe
  }

  private static func verdict(of results: [GateResult]) -> GateVerdict {
    results.allSatisfy(\.passed) ? .held(results) : .failed(results)
  }

  /// Returns when a person's command waits for the environment, or the branch has a newer release.
  private func somethingNewer() async throws -> String {
    let git = context.repository.git
    let paths = context.configuration.definition.paths
    var seen = try context.repository.tip()
    while true {
      try await Task.sleep(for: .milliseconds(50))
      if lock?.isWanted == true { return "a command that waits" }
      guard let tip = try? context.repository.tip(), tip != seen else { continue }
      let changes = try git.changesOfInputs(firstParentsFrom: tip, until: seen, paths: paths)
      if let newest = changes.last?.commit, try await mayTakeOver(newest) {
        return "a newer revision, \(newest.hex.prefix(8))"
      }
      seen = tip
    }
  }

  /// A commit that will not be deployed doesn't end the gates of one that was.
  private func mayTakeOver(_ commit: ObjectID) async throws -> Bool {
    let verification = context.verification
    guard verification.policy.mode == .required else { return true }
    return verification.admits(
      try await verification.signature(of: commit, digest: nil, head.state, sinceDeployed: true))
  }
}

extension ObjectID {
  fileprivate func known(in repository: Repository) -> ObjectID? { repository.contains(self) ? self : nil }
}

extension PathChange {
  init(_ change: TreeChange) throws {
    let kind: Kind =
      switch change.kind {
      case .added: .added
      case .changed: .changed
      case .removed: .removed
      }
    self.init(
      kind: kind, path: try RelativePath(change.path), old: try change.old?.id.content,
      new: try change.new?.id.content)
  }
}

extension TargetConfiguration {
  var root: String? {
    switch self {
    case .host(let host): host.layout == .switch ? host.root + "/current" : host.root
    case .kubernetes: nil
    }
  }
}

extension TargetConfiguration {
  /// Whether what nobody explains goes when production is put back. In a cluster others work too: what Mooring didn't make
  /// is told, and stays.
  var removesStrangers: Bool {
    switch self {
    case .host: true
    case .kubernetes: false
    }
  }

  /// Whether a release is a place of its own, so that a deployment leaves all of the old one behind.
  var isSwitched: Bool {
    switch self {
    case .host(let host): host.layout == .switch
    case .kubernetes: false
    }
  }
}
