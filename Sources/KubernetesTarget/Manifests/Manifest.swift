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
  init(_ reference: ObjectReference) {
    let kind = reference.kind
    self.init(group: kind.group, kind: kind.kind, namespace: reference.namespace, name: reference.name)
  }
}
