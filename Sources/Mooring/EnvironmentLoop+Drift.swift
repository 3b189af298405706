import Git
import MooringJournal
public import MooringModel

extension EnvironmentLoop {
  /// Looks at production while nobody deploys, records what is new, and does what follows.
  ///
  /// - Parameter limit: How long to wait for another process that works on the environment; it isn't disturbed.
  public func look(_ request: LookRequest, waitingAtMost limit: Duration) async throws -> LoopReport {
    try await working(insisting: false, waitingAtMost: limit) { try await self.process(self.perform(.look(request))) }
  }

  func look(_ request: LookRequest) async throws -> [Fact] {
    do {
      return try await looked(request).map { [.looked($0)] } ?? []
    } catch {
      let fault = try fault(error)
      refuse(fault)
      observer(.alert("production can't be looked at: \(fault)"))
      return []
    }
  }

  private func looked(_ request: LookRequest) async throws -> Look? {
    try await DriftReader(context: context).look(request, head.state, at: now)
  }

  // MARK: Healing

  /// Looks again at what is to be put back, and plans for what is there now.
  func heal(_ request: HealRequest) async throws -> [Fact] {
    guard let release = head.state.inFlight?.started.release ?? head.state.deployed?.release else {
      refuse(Fault(.state, "nothing was deployed, so nothing can be put back"))
      return []
    }
    let id = request.resuming ?? Identifier(at: now)
    do {
      var state = head.state
      state.inFlight = nil
      let reader = DriftReader(context: context)
      let scope = request.objects.map { LookScope.objects($0) } ?? .everything
      let (look, seen) = try await reader.survey(LookRequest(scope), state, at: now)
      // What changed since the heal was announced was told to nobody: it stays, and is judged by the look that follows.
      let wanted = Set(
        look.found.map(\.difference).filter {
          (request.resuming == nil || state.drifts[$0.object]?.fingerprint == $0.fingerprint)
            && ($0.kind != .added || context.configuration.target.removesStrangers)
        }.map(\.object))
      let restorations = try await restorations(of: seen.filter { wanted.contains($0.object) }, request, release)
      if restorations.isEmpty, request.resuming == nil {
        // The watcher hasn't been asked anything.
        if request.initiator == .watcher, !look.found.isEmpty { return [.recorded(look)] }
        refuse(Fault(.state, "nothing is to be put back", remedy: "`mooring drift \(context.name)` shows what differs"))
        return [.looked(look)]
      }
      let plan = Plan(
        from: release.digest, to: release.digest, changes: [],
        steps: [.restore(restorations), .reload(release.digest)], overwrites: true,
        spared: try context.spared(of: try StoredRelease(release.digest, in: context.repository.git), head.state))
      let planned = PlannedDeployment(
        id: id, release: release, trigger: .heal, initiator: request.initiator, plan: plan,
        resumes: request.resuming != nil)
      return request.resuming == nil ? [.recorded(look), .planned(planned)] : [.planned(planned)]
    } catch {
      return [.notPlanned(release, .heal, try fault(error))]
    }
  }

  private func restorations(
    of seen: [Restoration], _ request: HealRequest, _ release: ReleaseReference
  ) async throws -> [Restoration] {
    guard !request.fields.isEmpty else { return seen }
    let maker = FieldRestoration(
      deployed: try StoredRelease(release.digest, in: context.repository.git), target: context.target)
    var restorations: [Restoration] = []
    for one in seen {
      if let fields = request.fields[one.object] {
        restorations.append(try await maker.restoration(of: one.object, seen: one.seen, fields: fields))
      } else {
        restorations.append(one)
      }
    }
    return restorations
  }

  // MARK: Drift in the way of a deployment

  /// Looks at production before something is deployed over it.
  ///
  /// - Returns: What was found, and why it must not be gone over; both `nil` where there is nothing to look at.
  func obstacles(to release: ReleaseReference, _ trigger: Trigger) async throws -> (look: Look?, fault: Fault?) {
    guard let look = try await looked(LookRequest(.everything)) else { return (nil, nil) }
    let policy = context.configuration.policy.drift
    // A drill goes over nothing on its way there, whatever the policy says.
    let stops = trigger.drill == nil ? policy.inTheWay == .stop && !trigger.isRollback : !trigger.isReturn
    guard stops, look.baseline != release.digest else { return (look, nil) }
    let next = try StoredRelease(release.digest, in: context.repository.git)
    let inTheWay = try await DriftReader(context: context).standing(look, against: next, head.state)
    guard let first = inTheWay.first else { return (look, nil) }
    let more = inTheWay.count == 1 ? "" : ", and \(inTheWay.count - 1) more"
    return (
      look,
      Fault(
        .target, "production was changed by hand: \(first.difference.object) \(first.difference.summary)\(more)",
        at: context.name.string,
        remedy:
          "see `mooring drift \(context.name)`, then `--heal`, `--adopt` or `--ignore` it; `sync.onDrift: overwrite` goes over it"
      )
    )
  }
}
