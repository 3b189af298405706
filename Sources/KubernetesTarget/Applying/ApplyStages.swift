import Kubernetes
import MooringModel

/// The order in which the objects of a release are applied: stage after stage, and those of one stage side by side.
///
/// By wave first, then by what kinds need of each other, then by what objects say they depend on.
struct ApplyStages: Sendable {
  private let stages: [[Manifest]]
  private let obstacle: Fault?

  /// - Parameter present: Objects that are there already, so that nothing waits for them.
  init(_ manifests: [Manifest], present: Set<ObjectName> = []) {
    let ranked = Dictionary(grouping: manifests) {
      Place(wave: $0.wishes.wave, rank: KindRank.of($0.reference.kind.groupKind))
    }
    var stages: [[Manifest]] = []
    let places = Dictionary(manifests.map { ($0.name, $0) }) { first, _ in first }
    var applied = present
    var waiting: [Manifest] = []
    for place in ranked.keys.sorted() {
      var due = waiting + (ranked[place] ?? [])
      waiting = []
      while !due.isEmpty {
        let ready = due.filter { $0.wishes.dependencies.allSatisfy(applied.contains) }
        due.removeAll { manifest in manifest.wishes.dependencies.allSatisfy(applied.contains) }
        if ready.isEmpty { break }
        stages.append(ready)
        applied.formUnion(ready.map(\.name))
      }
      waiting = due
    }
    self.stages = stages
    obstacle = waiting.first.map { Self.obstacle($0, places) }
  }

  /// All stages.
  ///
  /// - Throws: `Fault` where objects depend on each other in a circle, or on one that isn't in the release.
  var whole: [[Manifest]] {
    get throws(Fault) {
      if let obstacle { throw obstacle }
      return stages
    }
  }

  private static func obstacle(_ manifest: Manifest, _ places: [ObjectName: Manifest]) -> Fault {
    let missing = manifest.wishes.dependencies.first { places[$0] == nil }
    return Fault(
      .refusedContent,
      missing.map { "\(manifest.name) depends on \($0), which the release doesn't have" }
        ?? "\(manifest.name) depends on objects that depend on it",
      at: manifest.origin.description, remedy: "correct its annotation `depends-on`")
  }

  private struct Place: Hashable, Comparable {
    let wave: Int
    let rank: Int
    static func < (a: Self, b: Self) -> Bool { (a.wave, a.rank) < (b.wave, b.rank) }
  }
}

/// What goes before what, within a wave.
///
/// Namespaces hold others, definitions make kinds, accounts, rights and configuration are read by workloads, and webhooks
/// judge everything that is applied after them. Deleting goes the other way.
enum KindRank {
  static func of(_ kind: GroupKind) -> Int {
    if let rank = ranks[kind.kind] { return rank }
    return kind.group.contains(".") && !kind.group.hasSuffix(".k8s.io") ? custom : workload
  }

  static let namespace = 0, definition = 1, foundation = 2, service = 3, workload = 4, custom = 5, traffic = 6
  static let judge = 7

  private static let ranks: [String: Int] = {
    var ranks: [String: Int] = ["Namespace": namespace, "CustomResourceDefinition": definition]
    for kind in [
      "PriorityClass", "RuntimeClass", "StorageClass", "CSIDriver", "IngressClass", "ResourceQuota", "LimitRange",
      "NetworkPolicy", "PodSecurityPolicy", "PodDisruptionBudget", "ServiceAccount", "Secret", "ConfigMap",
      "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "PersistentVolume", "PersistentVolumeClaim",
    ] { ranks[kind] = foundation }
    for kind in ["Service", "Endpoints", "EndpointSlice"] { ranks[kind] = service }
    for kind in [
      "Pod", "ReplicaSet", "ReplicationController", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob",
      "HorizontalPodAutoscaler",
    ] { ranks[kind] = workload }
    ranks["Ingress"] = traffic
    for kind in [
      "APIService", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "ValidatingAdmissionPolicy",
      "ValidatingAdmissionPolicyBinding",
    ] { ranks[kind] = judge }
    return ranks
  }()
}
