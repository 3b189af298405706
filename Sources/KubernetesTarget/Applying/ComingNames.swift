import Kubernetes
import MooringModel

/// Namespaces that a deployment is going to make, and kinds that it is going to define or to change, so that the server
/// can't be asked about what needs them.
struct ComingNames {
  private var namespaces: Set<String> = []
  private let kinds: CustomKinds

  /// - Parameter due: What is going to be applied.
  init(of due: [Manifest], on client: APIClient) async throws(KubernetesError) {
    kinds = try CustomKinds(of: due)
    for manifest in due where manifest.reference.kind.groupKind == .namespace {
      if try await client.find(manifest.reference) == nil { namespaces.insert(manifest.reference.name) }
    }
  }

  func precede(_ manifest: Manifest) -> Bool {
    manifest.reference.namespace.map(namespaces.contains) ?? false
      || kinds.isNamespaced(manifest.reference.kind) != nil
  }
}
