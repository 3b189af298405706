import Documents
import Kubernetes
import MooringModel

/// Whose an object is: an environment's, known by its name and by the namespace that its inventory is in, since two teams
/// may both have a `production`.
///
/// The object says it in two labels, which are applied under a field manager of the environment's own. Two environments that
/// apply one object contradict each other in them, so the server itself refuses the second.
struct ObjectOwner: Hashable, Sendable {
  let environment: String
  let namespace: String

  /// The field manager of what is applied.
  var manager: String { KubernetesTargetOptions.fieldManager(of: environment, in: namespace) }

  var labels: [FieldValue.Entry] {
    [(ManagedObject.label, environment), (ManagedObject.namespaceLabel, namespace)]
      .map { FieldValue.Entry(key: $0, value: .scalar(.string($1))) }
  }

  var selector: ObjectSelector {
    ObjectSelector(
      labels: "\(ManagedObject.label)=\(environment),\(ManagedObject.namespaceLabel)=\(namespace)")
  }

  func owns(_ object: KubernetesObject) -> Bool {
    object.label(ManagedObject.label) == environment && object.label(ManagedObject.namespaceLabel) == namespace
  }

  /// The other environment that an object says it belongs to; `nil` where it is this one, or none.
  func other(of object: KubernetesObject) -> String? {
    guard let name = object.label(ManagedObject.label), !owns(object) else { return nil }
    guard name == environment, let place = object.label(ManagedObject.namespaceLabel) else {
      return name == environment ? nil : "the environment \(name)"
    }
    return "the environment \(name) of the namespace \(place)"
  }
}

/// How an object says whose it is.
enum ManagedObject {
  /// The label with the environment's name.
  static let label = "mooring.dev/environment"
  /// The label with the namespace of its inventory.
  static let namespaceLabel = "mooring.dev/environment-namespace"
}
