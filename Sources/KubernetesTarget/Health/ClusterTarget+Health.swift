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

  private static let inert: Set<String> = [
    "Namespace", "ConfigMap", "Secret", "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding",
    "PriorityClass", "StorageClass", "IngressClass", "NetworkPolicy", "LimitRange", "ResourceQuota", "Service",
    "Ingress",
  ]

  /// Whether anything can be known of its health besides that it was applied.
  nonisolated func isAsked(_ manifest: Manifest) -> Bool {
    let kind = manifest.reference.kind
    if Self.isInert(kind) { return Self.addressed.contains(kind.kind) && healthRules.rule(for: kind.groupKind) != nil }
    return true
  }

  /// Of those, kinds that get an address from elsewhere, which a rule may ask for.
  private static let addressed: Set<String> = ["Service", "Ingress"]

  /// Whether objects of a kind work as soon as they are there.
  static func isInert(_ kind: GroupVersionKind) -> Bool { kind.isOfKubernetes && inert.contains(kind.kind) }

  func health(of contents: any ReleaseContents) async throws -> TargetHealth {
    do {
      if unready?.digest != contents.digest {
        let judged = try await manifests(of: contents).manifests.filter { $0.wishes.hook == nil && isAsked($0) }
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
    var open: [(reference: ObjectReference, health: ObjectHealth)] = []
    var (unasked, asked): ([ObjectReference], Int) = ([], 0)
    for reference in references {
      var health = known[reference]
      if health == nil {
        // A few are enough to say why not; the others are asked first next time.
        guard asked < Self.enough else {
          unasked.append(reference)
          continue
        }
        let answer = try await healthRules.health(of: reference, by: client)
        if answer.status != .healthy { asked += 1 }
        health = answer
      }
      if let health, health.status != .healthy { open.append((reference, health)) }
    }
    unready = (digest, unasked + open.map(\.reference))
    // Of those that are equally bad the first.
    guard let worst = open.reversed().max(by: { $0.health.status < $1.health.status }) else { return .healthy }
    let isFinal = worst.health.status == .degraded
    let text = "\(ObjectName(worst.reference)): \(try await trouble(of: worst.reference, worst.health))"
    return isFinal ? .degraded(text) : .progressing(text)
  }

  /// Answers of what isn't healthy that one look takes.
  private static let enough = 5

  /// What is known of objects without asking: by the server's answer to what was applied, and by the watch where there is
  /// one and it has seen their last change.
  private func knownHealth(of references: [ObjectReference]) async throws -> [ObjectReference: ObjectHealth] {
    let client = try await cluster.client()
    var known: [ObjectReference: ObjectHealth] = [:]
    var asked: [(reference: ObjectReference, finding: Judgements.Finding)] = []
    var objects: [(place: WatchHub.Place, key: ObjectKey)] = []
    for reference in references {
      guard !healthRules.needsOthers(reference.kind), let finding = judgements[Identity(reference)]
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

  /// Pods and events are listed for a reason at most so often: a rollout is asked about all the time, and they change slowly.
  private static let troublePause = Duration.seconds(3)

  private func trouble(of reference: ObjectReference, _ health: ObjectHealth) async throws -> String {
    let isFinal = health.status == .degraded
    if !isFinal, let told, told.reference == reference, told.health == health, .now - told.at < Self.troublePause {
      return told.text
    }
    let text = try await ObjectTrouble(client: try await cluster.client()).text(of: reference, health)
    told = ObjectTrouble.Told(reference: reference, health: health, text: text, at: .now)
    return text
  }
}
