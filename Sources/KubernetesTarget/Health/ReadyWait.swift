import Kubernetes
import MooringModel

/// Waits until objects are healthy.
struct ReadyWait: Sendable {
  let client: APIClient
  let rules: HealthRules
  let within: Duration

  /// - Throws: `Fault` that names the object and the reason: degraded, or not healthy in time.
  func wait(for references: [ObjectReference]) async throws {
    let end = ContinuousClock.now + within
    var (waiting, pause) = (references, Duration.milliseconds(50))
    while true {
      var (left, worst): ([ObjectReference], ObjectHealth?) = ([], nil)
      for reference in waiting {
        let health = try await rules.health(of: reference, by: client)
        if health.status == .healthy { continue }
        if health.status == .degraded { throw fault(reference, health) }
        left.append(reference)
        worst = worst ?? health
      }
      guard let first = left.first, let worst else { return }
      if ContinuousClock.now >= end { throw fault(first, worst) }
      waiting = left
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .seconds(2))
    }
  }

  private func fault(_ reference: ObjectReference, _ health: ObjectHealth) -> Fault {
    Fault(
      .target, "\(ObjectName(reference)) is \(health.status.rawValue): \(health.reason ?? "no reason is given")",
      at: "\(reference)", remedy: "look at it with `kubectl describe`")
  }
}
