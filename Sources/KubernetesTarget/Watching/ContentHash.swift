import Documents
import Kubernetes

/// What of an object people change, in a few bytes: equal for equal content, in this process.
///
/// Left out is what changes by itself: the status, versions, and who manages which fields.
struct ContentHash: Hashable, Sendable {
  private let value: Int

  init(_ object: KubernetesObject) {
    var hasher = Hasher()
    for entry in object.root.entries where entry.key != "status" && entry.key != "metadata" {
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
    hasher.combine(object.uid)
    value = hasher.finalize()
  }
}
