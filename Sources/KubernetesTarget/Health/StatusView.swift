import Documents
import Kubernetes

/// The `status` of an object, asked by name.
struct StatusView {
  let object: KubernetesObject

  init(_ object: KubernetesObject) { self.object = object }

  var status: Node? { object.root["status"] }

  func integer(_ field: String) -> Int64? { status?[field]?.scalar?.intValue }
  func text(_ field: String) -> String? { status?[field]?.scalar?.stringValue }

  /// Why the status isn't about the object as it is now; `nil` where it is, or nothing says so.
  var lag: String? {
    if let generation = object.generation, let observed, observed < generation {
      return "its controller hasn't seen the last change yet"
    }
    // Argo Rollouts 1.1 and later, of a rollout of another workload's template.
    if let workload = object.annotation("rollout.argoproj.io/workload-generation").flatMap({ Int64($0) }),
      let observed = count("workloadObservedGeneration"), observed < workload
    {
      return "its controller hasn't seen the workload's last change yet"
    }
    return nil
  }

  /// Which specification the status is about; `nil` where it doesn't say.
  var observed: Int64? { count("observedGeneration") }

  /// Argo Rollouts writes such numbers as texts, and wrote hashes before 0.10.
  private func count(_ field: String) -> Int64? { status?[field].flatMap { Int64($0.text) } }

  func condition(_ type: String) -> Node? {
    status?["conditions"]?.elements.first { $0["type"]?.text == type }
  }

  func isTrue(_ type: String) -> Bool { condition(type)?["status"]?.text == "True" }
  func isFalse(_ type: String) -> Bool { condition(type)?["status"]?.text == "False" }

  /// `MinimumReplicasUnavailable: Deployment does not have minimum availability.`
  func reason(of type: String) -> String? {
    guard let condition = condition(type) else { return nil }
    let parts = [condition["reason"]?.text, condition["message"]?.text].compactMap { $0 }.filter { !$0.isEmpty }
    return parts.isEmpty ? nil : String(parts.joined(separator: ": ").prefix(300))
  }

  /// What the conditions say that custom resources share (kstatus; "API conventions", typical status properties).
  var conditionHealth: ObjectHealth {
    if isTrue("Stalled") { return .degraded(reason(of: "Stalled") ?? "stalled") }
    if isTrue("Failed") { return .degraded(reason(of: "Failed") ?? "failed") }
    if isTrue("Reconciling") { return .progressing(reason(of: "Reconciling") ?? "reconciling") }
    guard let ready = condition("Ready") ?? condition("Available") else { return .healthy }
    let type = ready["type"]?.text ?? "Ready"
    return isTrue(type) ? .healthy : .progressing(reason(of: type) ?? "not \(type.lowercased())")
  }
}
