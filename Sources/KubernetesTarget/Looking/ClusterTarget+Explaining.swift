import Documents
import Kubernetes
import MooringModel

extension ClusterTarget {
  func explanation(
    of object: ObjectName, _ field: FieldPath?, in contents: any ReleaseContents
  ) async throws -> [String]? {
    do {
      let (client, manifests) = (try await cluster.client(), try await compare(with: contents))
      guard let manifest = manifests[object] else { return try await strangerExplanation(of: object, client) }
      let live = try await client.find(manifest.reference)
      let explanation = ObjectExplanation(
        manifest: manifest, comparer: comparer, owner: owner, field: field)
      return try explanation.lines(live)
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  private func strangerExplanation(of object: ObjectName, _ client: APIClient) async throws -> [String] {
    let lines = ["the release has nothing there"]
    guard let reference = comparedReference(object) else {
      return lines + ["it has no objects of that kind at all, so none is looked for"]
    }
    guard let live = try await client.find(reference) else { return lines + ["nothing is in the cluster, either"] }
    return lines + [try await reason(for: live, reference)]
  }

  private func reason(for live: KubernetesObject, _ reference: ObjectReference) async throws -> String {
    if let other = owner.other(of: live) { return "it is no drift: it belongs to \(other)" }
    guard let namespace = reference.namespace else {
      return "it is no drift: objects without a namespace aren't looked for"
    }
    guard options.allNamespaces.contains(namespace) else {
      return "it is no drift: \(namespace) is neither `namespace` nor one of `namespaces`"
    }
    if let reason = ClusterOwn.reason(for: live) { return "it is no drift: \(reason)" }
    if live.annotation("mooring.dev/ignore") == "true" {
      return "it is no drift: its annotation mooring.dev/ignore says that nothing is said of it"
    }
    guard live.label(ManagedObject.label) != nil else {
      return "nothing in Git and no owner explains it, so it is told"
    }
    if try await store().read().inventory.item(reference) != nil {
      return "it is no drift: a deployment made it, and it stays though the release no longer has it"
    }
    return "it carries this environment's labels, and no deployment made it or knows of it any more, so it is told"
  }
}
