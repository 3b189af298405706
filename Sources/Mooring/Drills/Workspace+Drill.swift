import MooringJournal
public import MooringModel
import Readiness
import Registries

extension Workspace {
  /// Rehearses going back on the real target, and returns; refuses where it is known to fail.
  public func drill(
    _ context: EnvironmentContext, _ request: DrillRequest, observer: @escaping @Sendable (LoopNews) -> Void
  ) async throws -> LoopReport {
    try await Seat.during(context, observer) {
      let loop = EnvironmentLoop(context, observer: observer)
      let report = try await loop.drill(request, asking: configuration.registries)
      await publish(context, observer)
      return report
    }
  }
}

extension EnvironmentLoop {
  /// Drills where nothing that is known stands in the way: production isn't brought to a release that can't run.
  func drill(_ request: DrillRequest, asking registries: [RegistryAccess]) async throws -> LoopReport {
    if let obstacle = try await context.obstacle(to: request, asking: registries) {
      var report = LoopReport()
      report.state = try context.head().state
      report.refusals = [obstacle]
      return report
    }
    return try await take(.asked(.drill(request), by: request.initiator), waitingAtMost: Workspace.patience)
  }
}

extension EnvironmentContext {
  /// What readiness finds against the release that a drill would go back to.
  func obstacle(to request: DrillRequest, asking registries: [RegistryAccess]) async throws -> Fault? {
    let state = try head().state
    // What else stands in the way is said by whoever decides.
    guard configuration.policy.drills.isAllowed, state.isAtRest, state.deployed != nil else { return nil }
    let answer = try await RegistryClient.asking(registries) { try await readiness(asking: $0) }
    let label = state.target(of: request)?.release.label
    guard let target = answer.targets.first(where: { $0.label == label }),
      let finding = target.findings.first(where: \.counts)
    else { return nil }
    return Fault(
      .state, "\(target.label) can't be gone back to: \(finding.why)", at: name.string,
      remedy: "\(finding.fix); `mooring readiness \(name)` says all")
  }
}

extension EnvironmentContext {
  /// Events among which a drill is looked for.
  private static let drillEvents = 5_000

  /// What a drill came to.
  ///
  /// - Parameter id: Which one; the newest where it is `nil`.
  public func drillReport(_ id: Identifier? = nil) throws -> DrillReport? {
    DrillReport(id, in: try events(limit: Self.drillEvents).reversed())
  }
}
