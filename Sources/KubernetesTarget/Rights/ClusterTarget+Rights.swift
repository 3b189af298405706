import Documents
import Kubernetes
import MooringModel

extension ClusterTarget {
  func accessManifest(for contents: any ReleaseContents, _ account: ServiceAccountName) async throws -> String? {
    do {
      let manifests = try await manifests(of: contents).manifests
      let items = try await store().read().inventory.sorted
      let kinds = Set(manifests.map(\.reference.kind) + items.map(\.reference.kind))
      let resources = try await resources(kinds, defined: manifests)
      var needed = NeededRights(environment, options, resources: resources)
      for manifest in manifests { try needed.add(manifest) }
      for item in items { needed.add(item) }
      let unknown = kinds.filter { resources[$0] == nil }.map(\.description).sorted()
      return AccessManifest(
        environment: environment, home: options.namespace, account: account, rights: needed.rights, unknown: unknown
      ).text
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  /// What kinds are called in paths: as the server says, or as the release defines them.
  private func resources(
    _ kinds: Set<GroupVersionKind>, defined manifests: [Manifest]
  ) async throws -> [GroupVersionKind: APIResource] {
    let client = try await cluster.client()
    var resources: [GroupVersionKind: APIResource] = [:]
    for kind in kinds {
      do { resources[kind] = try await client.resource(for: kind) } catch {
        guard error.code == .unsupported || error.code == .notFound else { throw error }
        resources[kind] = try Self.definition(of: kind, among: manifests)
      }
    }
    return resources
  }

  private static func definition(
    of kind: GroupVersionKind, among manifests: [Manifest]
  ) throws(KubernetesError) -> APIResource? {
    for manifest in manifests where manifest.reference.kind.groupKind == .customResourceDefinition {
      let spec = try manifest.root["spec"]
      guard spec?["group"]?.text == kind.group, spec?["names"]?["kind"]?.text == kind.kind,
        let plural = spec?["names"]?["plural"]?.text
      else { continue }
      return APIResource(kind, name: plural, isNamespaced: spec?["scope"]?.text == "Namespaced")
    }
    return nil
  }
}
