/// What a story can't be without: ends have beginnings, numbers follow each other, time doesn't go back.
public struct StoryOrder: Sendable {
  private let environment: EnvironmentName
  private var ids: Set<Identifier> = []
  private var last: Timestamp?
  private var number: ReleaseNumber?
  /// Deployments, rollbacks and drifts that have begun.
  private var begun: Set<Identifier> = []
  /// Whether events of another line were taken in, which may hold beginnings.
  private var hasUnion = false

  public init(of environment: EnvironmentName) { self.environment = environment }

  /// What doesn't fit what came before; `nil` where it does.
  public mutating func problem(with event: Event) -> String? {
    defer { last = max(last ?? event.time, event.time) }
    guard event.environment == environment else { return "it is an event of \(event.environment)" }
    guard ids.insert(event.id).inserted else { return "an event before it has the same id" }
    if let last, event.time < last { return "it is older than the event before it, of \(last)" }
    return problem(with: event.payload)
  }

  private mutating func problem(with payload: Event.Payload) -> String? {
    switch payload {
    case .catalogue(let catalogue): number = max(number ?? ReleaseNumber(0), ReleaseNumber(catalogue.count))
    case .release(let release): return problem(with: release.number)
    case .deploymentStarted(let started): begun.insert(started.deployment)
    case .gate(let gate): return problem(with: gate.deployment, "deployment")
    case .deploymentFinished(let finished): return problem(with: finished.deployment, "deployment")
    case .rollbackStarted(let started): begun.insert(started.rollback)
    case .rollbackFinished(let finished): return problem(with: finished.rollback, "rollback")
    case .drillStarted(let started): begun.insert(started.drill)
    case .drillFinished(let finished): return problem(with: finished.drill, "drill")
    case .driftDetected(let detected): begun.formUnion(detected.drifts.map(\.id))
    case .driftChanged(let changed): return problem(with: changed.drifts.map(\.id))
    case .driftResolved(let resolved): return problem(with: resolved.drifts.map(\.id))
    case .union: hasUnion = true
    default: break
    }
    return nil
  }

  private mutating func problem(with next: ReleaseNumber) -> String? {
    defer { number = max(number ?? next, next) }
    guard let number, next > number.next, !hasUnion else { return nil }
    let missing =
      number.next == ReleaseNumber(next.value - 1) ? "\(number.next) is" : "releases from \(number.next) on are"
    return "\(missing) missing before it"
  }

  private func problem(with drifts: [Identifier]) -> String? {
    for drift in drifts { if let problem = problem(with: drift, "drift") { return problem } }
    return nil
  }

  private func problem(with beginning: Identifier, _ what: String) -> String? {
    begun.contains(beginning) || hasUnion ? nil : "the beginning of its \(what) \(beginning) is missing"
  }
}
