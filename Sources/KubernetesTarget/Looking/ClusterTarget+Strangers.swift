import Documents
import Kubernetes
import MooringModel

extension ClusterTarget {
  func manifest(of object: ObjectName) async throws -> NewManifest? {
    guard let reference = comparedReference(object) else { return nil }
    do {
      guard let live = try await cluster.client().find(reference) else { return nil }
      let fields = WrittenFields(of: live, namespace: options.namespace, ignoring: options.ignoredManagers)
      let kind = reference.kind.kind.lowercased()
      let namespace = reference.namespace.flatMap { $0 == options.namespace ? nil : "-\($0)" } ?? ""
      return NewManifest(
        file: "\(kind)\(namespace)-\(reference.name.replacing(":", with: "-")).yaml",
        bytes: Array(try fields.value().yaml.utf8))
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  /// What an object of one of the release's kinds is called by the server.
  func comparedReference(_ object: ObjectName) -> ObjectReference? {
    let parts = object.components.map { String(decoding: $0, as: UTF8.self) }
    guard parts.count >= 2, let name = parts.last else { return nil }
    let namespace = parts.count > 2 ? parts[1] : nil
    return comparedKinds.lazy
      .map { ObjectReference($0, namespace: namespace, name: name) }
      .first { ObjectName($0) == object }
  }
}
