import Documents
import Kubernetes
import MooringModel

extension ClusterTarget {
  nonisolated var healthRules: HealthRules {
    HealthRules(
      options.health.map {
        ConfiguredHealth(kind: $0.kind, field: $0.field, healthy: $0.healthy, degraded: $0.degraded)
      })
  }

  /// Kinds that work as soon as they are there.
  private static let inert: Set<String> = [
    "Namespace", "ConfigMap", "Secret", "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding",
    "PriorityClass", "StorageClass", "IngressClass", "NetworkPolicy", "LimitRange", "ResourceQuota",
  ]

  func health(of contents: any ReleaseContents) async throws -> TargetHealth {
    do {
      if unready?.digest != contents.digest {
        let judged = try await manifests(of: contents).manifests.filter { $0.wishes.hook == nil }.map(\.reference)
        unready = (contents.digest, judged.filter { !Self.inert.contains($0.kind.kind) })
      }
      return try await ask(unready?.references ?? [], contents.digest)
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  /// Asks about objects that weren't healthy when they were last asked about; each that is now is asked no more.
  private func ask(_ references: [ObjectReference], _ digest: ReleaseDigest) async throws -> TargetHealth {
    let client = try await cluster.client()
    var (left, worst): ([ObjectReference], (ObjectReference, ObjectHealth)?) = ([], nil)
    for reference in references {
      let health = try await healthRules.health(of: reference, by: client)
      if health.status == .healthy || health.status == .suspended { continue }
      left.append(reference)
      if worst.map({ $0.1.status < health.status }) ?? true { worst = (reference, health) }
      // One is enough to say why not; the others are asked when it is healthy.
      if left.count >= Self.enough { break }
    }
    let unasked = left.count >= Self.enough ? references.drop { $0 != left.last }.dropFirst() : []
    unready = (digest, left + unasked)
    guard let (reference, health) = worst else { return .healthy }
    let reason = try await PodTrouble(client: client).reason(of: reference) ?? health.reason ?? health.status.rawValue
    let text = "\(ObjectName(reference)): \(reason)"
    return health.status == .degraded ? .degraded(text) : .progressing(text)
  }

  private static let enough = 5
}

/// Why the pods of a workload don't run.
struct PodTrouble: Sendable {
  let client: APIClient

  /// - Returns: `nil` where it has no pods, or they have no trouble that they tell of.
  func reason(of reference: ObjectReference) async throws(KubernetesError) -> String? {
    let kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"]
    guard kinds.contains(reference.kind.kind), let namespace = reference.namespace else { return nil }
    do {
      let workload = try await client.get(reference)
      let labels = workload.root["spec"]?["selector"]?["matchLabels"]?.entries ?? []
      guard !labels.isEmpty else { return nil }
      let selector = ObjectSelector(labels: labels.map { "\($0.key)=\($0.value.text)" }.joined(separator: ","))
      let pods = try await client.resource(for: GroupVersionKind(apiVersion: "v1", kind: "Pod"))
      let page = try await client.page(of: pods, namespace: namespace, selector: selector)
      return page.objects.lazy.compactMap { PodHealth($0).trouble }.first
    } catch {
      // A watcher without the right to look at pods still says what the workload says.
      if [.forbidden, .notFound].contains(error.code) { return nil }
      throw error
    }
  }
}
