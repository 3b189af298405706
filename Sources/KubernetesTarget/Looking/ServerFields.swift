import Documents
import Kubernetes

/// Fields that belong to the server and its controllers, whoever wrote them into a manifest.
enum ServerFields {
  private static let paths: [FieldPath] = [
    FieldPath(keys: "status"),
    FieldPath(keys: "metadata", "name"),
    FieldPath(keys: "metadata", "namespace"),
    FieldPath(keys: "metadata", "uid"),
    FieldPath(keys: "metadata", "resourceVersion"),
    FieldPath(keys: "metadata", "generation"),
    FieldPath(keys: "metadata", "selfLink"),
    FieldPath(keys: "metadata", "creationTimestamp"),
    FieldPath(keys: "metadata", "deletionTimestamp"),
    FieldPath(keys: "metadata", "deletionGracePeriodSeconds"),
    FieldPath(keys: "metadata", "managedFields"),
    FieldPath(keys: "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"),
    FieldPath(keys: "metadata", "annotations", "deployment.kubernetes.io/revision"),
    FieldPath(keys: "metadata", "labels", ManagedObject.label),
    FieldPath(keys: "metadata", "labels", ManagedObject.namespaceLabel),
    // `kubectl rollout restart` asks for new pods by it, and changes nothing that they are made of.
    FieldPath(keys: "spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"),
  ]

  static func contain(_ path: FieldPath) -> Bool {
    path.components.count <= 5 && !path.components.isEmpty && paths.contains(path)
  }

  /// An object without them.
  static func removed(from object: Node, at path: FieldPath = .root) -> FieldValue {
    guard object.kind == .mapping, path.components.count < 5 else { return FieldValue(object) }
    return .mapping(
      object.entries.compactMap { entry in
        let place = path.appending(key: entry.key)
        return contain(place) ? nil : FieldValue.Entry(key: entry.key, value: removed(from: entry.value, at: place))
      })
  }
}
