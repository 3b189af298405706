import Documents
import Kubernetes
import MooringModel

/// One object as a release has it.
struct Manifest: Sendable {
  /// The object's fields; the bytes of its file stay in memory with it.
  let root: Node
  /// With the namespace that it goes to.
  let reference: ObjectReference
  let origin: Origin
  let wishes: ManifestWishes

  /// Where it stands in the release.
  typealias Origin = ObjectOrigin

  /// What the object is called where people read it.
  var name: ObjectName { ObjectName(reference) }

  func annotation(_ key: String) -> String? { root["metadata"]?["annotations"]?[key]?.text }
}

extension ObjectName {
  /// `deployment/shop/web`, `clusterrole/view`, and for kinds of others than Kubernetes' own
  /// `certificate.cert-manager.io/shop/web`.
  init(_ reference: ObjectReference) {
    let kind = reference.kind.kind.lowercased() + (reference.kind.isOfKubernetes ? "" : ".\(reference.kind.group)")
    let parts = [kind, reference.namespace, reference.name].compactMap { $0 }
    self.init(path: parts.joined(separator: "/").utf8)
  }
}
