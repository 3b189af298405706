import Kubernetes
import MooringModel

/// Objects of kinds that the release has, in the environment's namespaces, which nothing in Git and no owner explains.
///
/// One that carries our label explains nothing by that: whoever copies an object copies its label. What our deployments
/// made and the inventory still knows is explained, and so are hooks.
extension ClusterLook {
  /// - Parameters:
  ///   - labelled: Objects with our label that were met already, and aren't the release's.
  ///   - places: Where those with our label were listed already.
  func strangers(
    beside manifests: ManifestSet, _ labelled: [Deviation] = [], listed places: Set<ListedPlace> = []
  ) async throws -> [LiveDifference] {
    var (found, labelled) = ([Deviation](), labelled)
    for kind in manifests.namespacedKinds.sorted(by: { $0.description < $1.description }) {
      for namespace in options.allNamespaces {
        let place = ListedPlace(kind: kind, namespace: namespace)
        try await client.each(in: place, ObjectSelector(labels: "!\(ManagedObject.label)")) { object in
          if let stranger = Deviation(stranger: object) { found.append(stranger) }
        }
        guard !places.contains(place) else { continue }
        try await client.each(in: place, owner.selector) { object in
          if let stranger = labelledStranger(object) { labelled.append(stranger) }
        }
      }
    }
    return try await told(found, labelled, beside: manifests)
  }

  /// Strangers that a watch knows, those with our label by name alone.
  func told(
    _ strangers: [Deviation], labelled references: [ObjectReference], beside manifests: ManifestSet
  ) async throws -> [LiveDifference] {
    let objects = try await references.sorted { $0.description < $1.description }.collect(atOnce: Applier.atOnce) {
      try await client.find($0)
    }
    return try await told(strangers, objects.compactMap { $0.flatMap(labelledStranger) }, beside: manifests)
  }

  /// An object with our label that its own words don't explain.
  func labelledStranger(_ object: KubernetesObject) -> Deviation? {
    // It may take a while until finalizers let go of what a deployment has deleted.
    guard owner.other(of: object) == nil, object.deletionTimestamp == nil, !isHookOfOurs(object) else { return nil }
    return Deviation(stranger: object)
  }

  /// Whether a deployment of ours made it as a hook: those aren't in the inventory, and stay when a release no longer has
  /// them.
  private func isHookOfOurs(_ object: KubernetesObject) -> Bool {
    guard let entries = try? object.managedFields else { return false }
    let manager = judge.comparer.manager
    guard entries.contains(where: { $0.manager == manager && $0.operation == .apply }) else { return false }
    return ["mooring.dev/hook", "argocd.argoproj.io/hook", "helm.sh/hook"].contains { object.annotation($0) != nil }
  }

  private func told(
    _ strangers: [Deviation], _ labelled: [Deviation], beside manifests: ManifestSet
  ) async throws -> [LiveDifference] {
    var unknown = labelled.filter { isTold($0, beside: manifests) }
    if !unknown.isEmpty {
      let kept = try await inventory()
      unknown.removeAll { kept.item($0.reference) != nil }
    }
    return (strangers.filter { isTold($0, beside: manifests) } + unknown).map { $0.told(by: authors) }
  }

  private func isTold(_ stranger: Deviation, beside manifests: ManifestSet) -> Bool {
    options.allNamespaces.contains { $0 == stranger.reference.namespace }
      && manifests[Identity(stranger.reference)] == nil
      && !rules.ignore(stranger.name.components, isFolder: false, isOurs: false)
  }
}
