import Documents
import Kubernetes
import MooringModel

/// One object as a release has it.
struct Manifest: Sendable {
  /// With the namespace that it goes to.
  let reference: ObjectReference
  let wishes: ManifestWishes
  let source: ManifestSource

  /// Where it stands in the release.
  typealias Origin = ObjectOrigin

  var origin: Origin { source.origin }

  /// The object's fields, read from the release where that wasn't done just now.
  var root: Node {
    get throws(KubernetesError) { try source.root() }
  }

  /// What the object is called where people read it.
  var name: ObjectName { ObjectName(reference) }
}

extension ObjectName {
  init(_ reference: ObjectReference) {
    let kind = reference.kind
    self.init(group: kind.group, kind: kind.kind, namespace: reference.namespace, name: reference.name)
  }
}
