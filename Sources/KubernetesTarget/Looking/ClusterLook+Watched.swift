import Kubernetes
import MooringModel

/// Looks while the environment's kinds are watched: asked about is only what the watch says has changed since it was last
/// judged.
extension ClusterLook {
  /// Requests for single objects that cost the server less than lists of everything.
  private static let fewObjects = 64

  /// - Returns: `nil` where it is cheaper, or necessary, to list everything.
  func watched(
    _ manifests: [Manifest], strangersBeside all: ManifestSet?, by hub: WatchHub
  ) async throws -> [LiveDifference]? {
    var objects: [(place: WatchHub.Place, key: ObjectKey)] = []
    for manifest in manifests { objects.append((try await place(of: manifest.reference), key(of: manifest.reference))) }
    let places = if let all { try await places(of: all.namespacedKinds) } else { Set<WatchHub.Place>() }
    let view = await hub.view(of: objects, strangersAt: places, labelled: owner.environment) { reference in
      all?[Identity(reference)] == nil
    }
    guard let view, view.labelled.count <= Self.fewObjects else { return nil }
    var (differences, changed): ([LiveDifference], [Manifest]) = ([], [])
    for (manifest, object) in zip(manifests, view.objects) {
      if let object, let finding = judgements[Identity(manifest.reference)], finding.content == object.content,
        !isAskedAbout(finding.deviation, of: Identity(manifest.reference), as: object.content)
      {
        if let deviation = finding.deviation { differences.append(deviation.told(by: authors)) }
      } else {
        changed.append(manifest)
      }
    }
    guard changed.count <= Self.fewObjects else { return nil }
    differences += try await self.differences(changed)
    if let all { differences += try await told(view.strangers, labelled: view.labelled, beside: all) }
    return differences
  }

  /// Asks about single objects, a few at a time.
  func differences(_ manifests: [Manifest]) async throws -> [LiveDifference] {
    try await manifests.collect(atOnce: Applier.atOnce) { try await difference($0) }.compactMap { $0 }
  }

  private func place(of reference: ObjectReference) async throws(KubernetesError) -> WatchHub.Place {
    WatchHub.Place(resource: try await client.resource(for: reference.kind), namespace: reference.namespace)
  }

  private func key(of reference: ObjectReference) -> ObjectKey {
    ObjectKey(namespace: reference.namespace, name: reference.name)
  }

  /// Where objects are told that nothing explains.
  private func places(of kinds: Set<GroupVersionKind>) async throws(KubernetesError) -> Set<WatchHub.Place> {
    var places: Set<WatchHub.Place> = []
    for kind in kinds {
      let resource = try await client.resource(for: kind)
      for namespace in options.allNamespaces {
        places.insert(WatchHub.Place(resource: resource, namespace: namespace))
      }
    }
    return places
  }
}
