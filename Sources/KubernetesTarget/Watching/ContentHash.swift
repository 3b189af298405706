import Documents
import Kubernetes

/// What of an object people change, in a few bytes: equal for equal content, in this process.
///
/// Left out is what changes by itself: the status, versions, and who manages which fields; and what the object is, which
/// lists leave out and watches don't.
struct ContentHash: Hashable, Sendable {
  private let value: Int

  init(_ object: KubernetesObject) {
    var hasher = Hasher()
    for entry in object.root.entries where !["status", "metadata", "apiVersion", "kind"].contains(entry.key) {
      hasher.combine(entry.key)
      hasher.combine(FieldValue(entry.value))
    }
    for key in ["labels", "annotations"] {
      for entry in object.metadata?[key]?.entries ?? []
      where !ServerFields.contain(FieldPath(keys: "metadata", key, entry.key)) {
        hasher.combine(entry.key)
        hasher.combine(entry.value.text)
      }
    }
    hasher.combine(object.label(ManagedObject.label))
    hasher.combine(object.label(ManagedObject.namespaceLabel))
    hasher.combine(object.uid)
    value = hasher.finalize()
  }
}

/// When environments' deployments last applied an object, in a few bytes.
struct ApplyHash: Hashable, Sendable {
  private let value: Int

  init(_ object: KubernetesObject) {
    var hasher = Hasher()
    for entry in object.deployments {
      hasher.combine(entry["manager"]?.text)
      hasher.combine(entry["time"]?.text)
    }
    value = hasher.finalize()
  }
}

extension KubernetesObject {
  /// What the server has recorded of environments' deployments: the last time that each applied the object.
  var deployments: [Node] {
    (metadata?["managedFields"]?.elements ?? []).filter {
      $0["operation"]?.text == "Apply" && ($0["manager"]?.text.hasPrefix("mooring-") ?? false)
    }
  }
}
