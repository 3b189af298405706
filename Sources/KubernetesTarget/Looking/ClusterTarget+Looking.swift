import Documents
import FoundationEssentials
import Kubernetes
import MooringModel

/// Objects are named as in `deployment/shop/web`.
extension ClusterTarget {
  func differences(
    from contents: any ReleaseContents, in scope: LookScope, _ rules: LookRules
  ) async throws -> LiveReport {
    do {
      let manifests = try await compare(with: contents)
      let began = Timestamp(Date())
      let look = ClusterLook(
        client: try await cluster.client(), owner: owner, options: options, rules: rules,
        judge: judge(by: contents), judgements: judgements, hub: isWatched ? cluster.watches : nil,
        authors: try await authors(of: manifests), inventory: { try await self.knownInventory() })
      let report =
        switch scope {
        case .everything: try await look.everything(manifests)
        case .objects(let names): try await look.objects(names, manifests)
        }
      lookTimes.note(report, in: scope, at: began)
      return report
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  private func knownInventory() async throws -> ClusterInventory {
    if let stored { return stored.inventory }
    return try await store().read().inventory
  }

  /// Who may have changed the objects, as the API server and the objects themselves tell.
  private func authors(of manifests: ManifestSet) async throws(Fault) -> ObjectAuthors {
    var resources: [GroupKind: String] = [:]
    let client = try await cluster.client()
    for kind in cluster.audit.isOpen ? manifests.kinds : [] {
      // What the server doesn't know isn't there, and nobody made it.
      resources[kind.groupKind] = try? await client.resource(for: kind).name
    }
    return ObjectAuthors(
      trail: cluster.audit, environment: environment, manager: manager, ignored: options.ignoredManagers,
      resources: resources, times: lookTimes)
  }

  nonisolated func judge(by contents: any ReleaseContents) -> ObjectJudge {
    ObjectJudge(comparer: comparer, identity: { try contents.identity(of: $0) })
  }

  func read(_ object: ObjectName, limit: Int) async throws -> LiveContent? {
    guard let manifest = comparedManifest(object) else { return nil }
    do {
      guard let live = try await cluster.client().find(manifest.reference) else { return nil }
      let comparison = try comparer.comparison(manifest, live)
      let (expected, found) = (try comparison.expected(), try comparison.found())
      guard found.count <= limit, let content = try comparedIdentity(found) else { return nil }
      return LiveContent(
        object: LiveObject(kind: .object, content: content, size: found.count), bytes: found, expected: expected)
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  /// Clusters have no folders.
  func files(in folder: ObjectName, limit: Int, _ rules: LookRules) async throws -> [ObjectName] { [] }

  func origin(of object: ObjectName, in contents: any ReleaseContents) async throws -> ObjectOrigin? {
    try await manifests(of: contents)[object]?.origin
  }

  func isLive(_ object: ObjectName, of contents: any ReleaseContents) async throws -> Bool {
    guard let manifest = try await manifests(of: contents)[object] else { return false }
    do {
      guard let live = try await cluster.client().find(manifest.reference) else { return false }
      return try comparer.comparison(manifest, live).isEqual
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  func wanted(_ object: ObjectName, in contents: any ReleaseContents) async throws -> ContentID? {
    guard let manifest = try await manifests(of: contents)[object] else { return nil }
    do {
      let root = try manifest.root
      return try contents.identity(of: JSONBody(Projection(of: root, on: root).expected).bytes)
    } catch let error as KubernetesError {
      throw Fault(error, at: manifest.origin.description)
    }
  }
}
