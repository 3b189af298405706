import Documents
import Kubernetes

/// The workload whose template a Flagger `Canary` rolls out.
///
/// A Canary has no count of what its controller has seen: until Flagger looks again, its phase is that of its last run. What
/// it has rolled out is in the primary, `NAME-primary`, a copy of the target as it was promoted (docs.flagger.app, "How it
/// works").
struct CanaryTarget {
  static func applies(to kind: GroupVersionKind) -> Bool { kind.group == "flagger.app" && kind.kind == "Canary" }

  let reference: ObjectReference
  /// When the Canary came into its phase.
  private let changed: String?

  /// - Returns: `nil` for anything else, and for a Canary of what has no template.
  init?(_ canary: KubernetesObject) {
    guard Self.applies(to: canary.kind), let target = canary.root["spec"]?["targetRef"],
      let kind = target["kind"]?.text, ["Deployment", "DaemonSet"].contains(kind), let name = target["name"]?.text
    else { return nil }
    reference = ObjectReference(
      GroupVersionKind(apiVersion: "apps/v1", kind: kind), namespace: canary.namespace, name: name)
    changed = canary.root["status"]?["lastTransitionTime"]?.text
  }

  /// Whether the phase is about an earlier template.
  func isAhead(of status: ObjectHealth.Status, by client: APIClient) async throws(KubernetesError) -> Bool {
    switch status {
    case .healthy:
      let name = reference.name + "-primary"
      let copy = ObjectReference(reference.kind, namespace: reference.namespace, name: name)
      guard let target = try await find(reference, client), let primary = try await find(copy, client) else {
        return false
      }
      return Self.template(of: target) != Self.template(of: primary)
    case .degraded:
      // What failed was never promoted: only time tells whether it was this.
      guard let target = try await find(reference, client), let applied = Self.applied(target), let changed else {
        return false
      }
      return applied > changed
    default: return false
    }
  }

  /// A watcher without the right to look at them believes the phase.
  private func find(_ reference: ObjectReference, _ client: APIClient) async throws(KubernetesError)
    -> KubernetesObject?
  {
    do { return try await client.find(reference) } catch {
      if error.code == .forbidden { return nil }
      throw error
    }
  }

  /// What Flagger copies as it is. Names of what it copies besides (ConfigMaps, Secrets, labels) it changes.
  private static func template(of workload: KubernetesObject) -> [String: [String: FieldValue]] {
    let containers = workload.root["spec"]?["template"]?["spec"]?["containers"]?.elements ?? []
    let named = containers.map { container in
      var fields: [String: FieldValue] = [:]
      for field in ["image", "command", "args", "resources", "ports"] {
        fields[field] = container[field].map { FieldValue($0) }
      }
      for variable in container["env"]?.elements ?? [] {
        if let name = variable["name"]?.text, let value = variable["value"] {
          fields["env \(name)"] = FieldValue(value)
        }
      }
      return (container["name"]?.text ?? "", fields)
    }
    return Dictionary(named) { first, _ in first }
  }

  /// When an environment's deployment last changed it, in seconds of the server's clock.
  private static func applied(_ workload: KubernetesObject) -> String? {
    workload.deployments.compactMap { $0["time"]?.text }.max()
  }
}
