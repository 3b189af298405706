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

  /// Whether anything can be known of its health besides that it was applied.
  nonisolated func isAsked(_ manifest: Manifest) throws(KubernetesError) -> Bool {
    let kind = manifest.reference.kind
    if Self.inert.contains(kind.kind) { return false }
    let isConfigured = healthRules.configured.contains { $0.applies(to: kind.groupKind) }
    guard !isConfigured, kind.isOfKubernetes else { return true }
    switch kind.kind {
    case "Ingress": return false
    case "Service": return try manifest.root["spec"]?["type"]?.text == "LoadBalancer"
    default: return true
    }
  }

  func health(of contents: any ReleaseContents) async throws -> TargetHealth {
    do {
      if unready?.digest != contents.digest {
        let judged = try await manifests(of: contents).manifests.filter { try $0.wishes.hook == nil && isAsked($0) }
        unready = (contents.digest, judged.map(\.reference))
      }
      return try await ask(unready?.references ?? [], contents.digest)
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  /// Asks about objects that weren't healthy when they were last asked about; each that is now is asked no more.
  private func ask(_ references: [ObjectReference], _ digest: ReleaseDigest) async throws -> TargetHealth {
    let client = try await cluster.client()
    let known = try await knownHealth(of: references)
    var (left, worst): ([ObjectReference], (ObjectReference, ObjectHealth)?) = ([], nil)
    for reference in references {
      let health =
        if let known = known[reference] { known } else { try await healthRules.health(of: reference, by: client) }
      if health.status == .healthy || health.status == .suspended { continue }
      left.append(reference)
      if worst.map({ $0.1.status < health.status }) ?? true { worst = (reference, health) }
      // One is enough to say why not; the others are asked when it is healthy.
      if left.count >= Self.enough { break }
    }
    let unasked = left.count >= Self.enough ? references.drop { $0 != left.last }.dropFirst() : []
    unready = (digest, left + unasked)
    guard let (reference, health) = worst else { return .healthy }
    let isFinal = health.status == .degraded
    let trouble = try await podTrouble(of: reference, isFinal: isFinal)
    let reason = trouble ?? health.reason ?? health.status.rawValue
    let text = "\(ObjectName(reference)): \(reason)"
    return isFinal ? .degraded(text) : .progressing(text)
  }

  private static let enough = 5

  /// What is known of objects without asking: by the server's answer to what was applied, and by the watch where there is
  /// one and it has seen their last change.
  private func knownHealth(of references: [ObjectReference]) async throws -> [ObjectReference: ObjectHealth] {
    let client = try await cluster.client()
    var known: [ObjectReference: ObjectHealth] = [:]
    var asked: [(reference: ObjectReference, finding: Judgements.Finding)] = []
    var objects: [(place: WatchHub.Place, key: ObjectKey)] = []
    for reference in references {
      guard !healthRules.configured.contains(where: { $0.applies(to: reference.kind.groupKind) }),
        let finding = judgements[Identity(reference)]
      else { continue }
      // What Kubernetes' own controllers have still to do they say themselves: by what they have observed.
      if finding.isHealthy, reference.kind.isOfKubernetes {
        known[reference] = .healthy
        continue
      }
      asked.append((reference, finding))
      let place = WatchHub.Place(
        resource: try await client.resource(for: reference.kind), namespace: reference.namespace)
      objects.append((place, ObjectKey(namespace: reference.namespace, name: reference.name)))
    }
    guard !asked.isEmpty, let view = await cluster.watches.view(of: objects, strangersAt: []) else { return known }
    for (one, object) in zip(asked, view.objects) {
      guard let object, object.content == one.finding.content, !object.generation.isBefore(one.finding.generation)
      else { continue }
      known[one.reference] = object.health
    }
    return known
  }

  /// Pods are listed for a reason at most so often: a rollout is asked about all the time, and they change slowly.
  private static let podPause = Duration.seconds(3)

  private func podTrouble(of reference: ObjectReference, isFinal: Bool) async throws -> String? {
    if !isFinal, let told, told.reference == reference, .now - told.at < Self.podPause { return told.reason }
    let reason = try await PodTrouble(client: try await cluster.client()).reason(of: reference)
    told = PodTrouble.Told(reference: reference, reason: reason, at: .now)
    return reason
  }
}

/// Why the pods of a workload don't run.
struct PodTrouble: Sendable {
  struct Told: Sendable {
    var reference: ObjectReference
    var reason: String?
    var at: ContinuousClock.Instant
  }

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
