import Kubernetes
import MooringModel

/// Where in a cluster an environment's objects may be. The operator says it: whoever writes the repository can't.
struct ManifestReach: Sendable {
  /// Of objects that name no namespace.
  let home: String
  let namespaces: Set<String>
  /// Whether objects of the whole cluster may be any, and not only those namespaces themselves.
  let hasClusterObjects: Bool

  init(_ options: KubernetesTargetOptions) {
    home = options.namespace
    namespaces = Set(options.allNamespaces)
    hasClusterObjects = options.clusterObjects
  }

  /// - Throws: `Fault` of an object that is somewhere else, with what the operator can say.
  func check(_ reference: ObjectReference, at origin: Manifest.Origin) throws(Fault) {
    let name = ObjectName(reference)
    if let namespace = reference.namespace {
      if namespaces.contains(namespace) { return }
      throw Fault(
        .refusedContent, "\(name) goes to the namespace \(namespace), which isn't this environment's",
        at: origin.description,
        remedy: "name it in the target's `namespaces`, or correct metadata.namespace in the repository")
    }
    let isNamespace = reference.kind.groupKind == .namespace
    if hasClusterObjects || isNamespace && namespaces.contains(reference.name) { return }
    throw Fault(
      .refusedContent, "\(name) belongs to the whole cluster, and not to this environment", at: origin.description,
      remedy: (isNamespace ? "name it in the target's `namespaces`, or say" : "say")
        + " `clusterObjects: true` of the target, or keep it out of this environment's inputs")
  }
}
