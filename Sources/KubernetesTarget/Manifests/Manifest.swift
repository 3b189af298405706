import Documents
import Kubernetes
import MooringModel

/// One object as a release has it.
struct Manifest: Sendable {
  /// With the namespace that it goes to.
  let reference: ObjectReference
  private(set) var wishes: ManifestWishes
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

  /// The same where another object of the release says how many replicas it has.
  func scaled(by scaler: ObjectReference?) -> Manifest {
    guard let scaler else { return self }
    var scaled = self
    scaled.wishes.scaler = ObjectName(scaler)
    if scaled.wishes.ignores != .everything {
      scaled.wishes.ignores = .fields(wishes.ignores.fields + [AutoscaledWorkloads.field])
    }
    return scaled
  }
}

extension ObjectName {
  init(_ reference: ObjectReference) {
    let kind = reference.kind
    self.init(group: kind.group, kind: kind.kind, namespace: reference.namespace, name: reference.name)
  }
}
