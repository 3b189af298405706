import Documents
import Kubernetes

/// The pods that a workload has made last.
struct WorkloadPods: Sendable {
  static let kinds: Set<String> = [
    "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout",
  ]
  /// Those that have others make pods for them.
  static let kindsWithSets: Set<String> = ["Deployment", "Rollout"]

  struct Family: Sendable {
    /// Newest first.
    var pods: [KubernetesObject]
    /// What makes them for the workload.
    var makers: [KubernetesObject]
  }

  private let workload: KubernetesObject
  private let namespace: String
  private let client: APIClient

  init(of workload: KubernetesObject, in namespace: String, by client: APIClient) {
    self.workload = workload
    self.namespace = namespace
    self.client = client
  }

  /// - Returns: `nil` for what makes no pods.
  func newest() async throws(KubernetesError) -> Family? {
    guard Self.kinds.contains(workload.kind.kind), let selector else { return nil }
    let set = try await newestSet(selector)
    let resource = try await client.resource(for: GroupVersionKind(apiVersion: "v1", kind: "Pod"))
    let page = try await client.page(of: resource, namespace: namespace, selector: selector)
    let owner = (set ?? workload).uid
    let owned = page.objects.filter { $0.ownerReferences.contains { $0.uid == owner } && isCurrent($0) }
    return Family(
      pods: owned.sorted { ($0.creationTimestamp ?? "", $1.name) > ($1.creationTimestamp ?? "", $0.name) },
      makers: set.map { [$0] } ?? [])
  }

  /// Of the ReplicaSets of a Deployment or a Rollout, the one that is being rolled out: pods of others may well be in
  /// trouble that is being mended.
  private func newestSet(_ selector: ObjectSelector) async throws(KubernetesError) -> KubernetesObject? {
    guard Self.kindsWithSets.contains(workload.kind.kind) else { return nil }
    let sets = try await client.resource(for: GroupVersionKind(apiVersion: "apps/v1", kind: "ReplicaSet"))
    let page = try await client.page(of: sets, namespace: namespace, selector: selector)
    return page.objects.filter { set in set.ownerReferences.contains { $0.uid == workload.uid } }
      .max { Self.revision($0) < Self.revision($1) }
  }

  private static func revision(_ set: KubernetesObject) -> Int {
    let annotations = ["deployment.kubernetes.io/revision", "rollout.argoproj.io/revision"]
    return annotations.compactMap { set.annotation($0) }.compactMap { Int($0) }.max() ?? 0
  }

  /// Of a StatefulSet that is being updated, the updated ones.
  private func isCurrent(_ pod: KubernetesObject) -> Bool {
    guard workload.kind.kind == "StatefulSet", let update = workload.root["status"]?["updateRevision"]?.text,
      let revision = pod.label("controller-revision-hash")
    else { return true }
    return update == revision
  }

  /// `nil` where it says nothing of its pods.
  private var selector: ObjectSelector? {
    let spec = workload.root["spec"]?["selector"]
    // A ReplicationController's is the labels themselves.
    let isPlain = workload.kind.kind == "ReplicationController"
    let labels = ((isPlain ? spec : spec?["matchLabels"])?.entries ?? []).map { "\($0.key)=\($0.value.text)" }
    let expressions = isPlain ? [] : spec?["matchExpressions"]?.elements ?? []
    let all = labels + expressions.compactMap(Self.text)
    return all.isEmpty ? nil : ObjectSelector(labels: all.joined(separator: ","))
  }

  private static func text(_ expression: Node) -> String? {
    guard let key = expression["key"]?.text, let operation = expression["operator"]?.text else { return nil }
    let values = (expression["values"]?.elements ?? []).map(\.text).joined(separator: ",")
    return switch operation {
    case "In": "\(key) in (\(values))"
    case "NotIn": "\(key) notin (\(values))"
    case "Exists": key
    case "DoesNotExist": "!\(key)"
    default: nil
    }
  }
}
