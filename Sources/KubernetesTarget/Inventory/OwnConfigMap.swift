import Documents
import Kubernetes
import MooringModel

/// A ConfigMap in which Mooring keeps something of an environment, beside its objects.
struct OwnConfigMap: Sendable {
  static let kind = GroupVersionKind(apiVersion: "v1", kind: "ConfigMap")

  let reference: ObjectReference
  let environment: EnvironmentName

  init(_ name: String, in namespace: String, of environment: EnvironmentName) {
    reference = ObjectReference(Self.kind, namespace: namespace, name: name)
    self.environment = environment
  }

  /// - Parameter version: The version that it is to be written over; `nil` to make it.
  func body(_ data: [(String, String)], version: String?) throws(KubernetesError) -> JSONBody {
    func text(_ text: String) -> FieldValue { .scalar(.string(text)) }
    var metadata: [FieldValue.Entry] = [
      .init(key: "name", value: text(reference.name)), .init(key: "namespace", value: text(reference.namespace ?? "")),
      .init(key: "labels", value: .mapping([.init(key: InventoryStore.label, value: text(environment.string))])),
    ]
    if let version { metadata.append(.init(key: "resourceVersion", value: text(version))) }
    return try JSONBody(
      .mapping([
        .init(key: "apiVersion", value: text("v1")), .init(key: "kind", value: text("ConfigMap")),
        .init(key: "metadata", value: .mapping(metadata)),
        .init(key: "data", value: .mapping(data.map { .init(key: $0.0, value: text($0.1)) })),
      ]))
  }
}
