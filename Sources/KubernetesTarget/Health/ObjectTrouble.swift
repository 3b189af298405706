import Documents
import Kubernetes

/// Why an object isn't as it should be, with the reason that a person needs: from its pods, and from the events about it.
struct ObjectTrouble: Sendable {
  struct Told: Sendable {
    var reference: ObjectReference
    /// What it was said of.
    var health: ObjectHealth
    var text: String
    var at: ContinuousClock.Instant
  }

  /// Pods of one workload whose events are asked for: they have the same trouble, as a rule.
  private static let mostPods = 2
  private static let event = GroupVersionKind(apiVersion: "v1", kind: "Event")

  let client: APIClient

  /// - Parameter health: How the object itself says that it is.
  func text(of reference: ObjectReference, _ health: ObjectHealth) async throws(KubernetesError) -> String {
    let said = health.reason ?? health.status.rawValue
    guard let namespace = reference.namespace,
      let object = try await permitted({ () throws(KubernetesError) in
        try await client.find(reference)
      }) ?? nil
    else { return said }
    let makers = WorkloadPods(of: object, in: namespace, by: client)
    let family = try await permitted { () throws(KubernetesError) in try await makers.newest() } ?? nil
    let pods = (family?.pods ?? []).map { ($0, PodHealth($0)) }
    if let trouble = pods.lazy.compactMap({ $0.1.trouble }).first { return trouble }
    if let reason = pods.lazy.compactMap({ $0.1.unscheduled }).first { return "\(said): \(reason)" }
    let unready = pods.filter { $0.1.health.status != .healthy }.map(\.0).prefix(Self.mostPods)
    for one in unready + (family?.makers ?? []) + [object] {
      if let warning = try await warning(about: one, in: namespace) {
        let whom = one.uid == object.uid ? "" : " (\(one.kind.kind.lowercased())/\(one.name))"
        return "\(said): \(warning)\(whom)"
      }
    }
    return said
  }

  /// `FailedMount: MountVolume.SetUp failed for volume "config": configmap "settings" not found`
  private func warning(about object: KubernetesObject, in namespace: String) async throws(KubernetesError) -> String? {
    guard let uid = object.uid else { return nil }
    let page = try await permitted { () throws(KubernetesError) in
      try await client.page(
        of: client.resource(for: Self.event), namespace: namespace,
        selector: ObjectSelector(fields: "involvedObject.uid=\(uid),type=Warning"))
    }
    let newest = page?.objects.max { Self.time($0) < Self.time($1) }
    guard let newest else { return nil }
    let parts = [newest.root["reason"]?.text, newest.root["message"]?.text].compactMap { $0 }.filter { !$0.isEmpty }
    return parts.isEmpty ? nil : String(parts.joined(separator: ": ").prefix(300))
  }

  /// In RFC 3339, so that later ones are larger; of the two ways in which servers have written events.
  private static func time(_ event: KubernetesObject) -> String {
    let times = [event.root["lastTimestamp"], event.root["series"]?["lastObservedTime"], event.root["eventTime"]]
    return times.compactMap { $0?.scalar?.stringValue }.max() ?? event.creationTimestamp ?? ""
  }

  /// A watcher without the right to look at it still says what the object says.
  private func permitted<Value>(
    _ body: () async throws(KubernetesError) -> Value
  ) async throws(KubernetesError) -> Value? {
    do { return try await body() } catch {
      if [.forbidden, .notFound, .unsupported].contains(error.code) { return nil }
      throw error
    }
  }
}
