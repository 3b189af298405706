import Documents
import Kubernetes
import MooringTestSupport

/// A client of a real control plane, and a namespace of its own.
struct Cluster {
  let plane: ControlPlane
  let client: APIClient
  let namespace: String

  static let options = WriteOptions(fieldManager: "tests")

  /// Runs with the control plane that all tests share.
  static func with<Result>(
    plane: ControlPlane? = nil, context: String? = nil, pageSize: Int = 500, _ body: (Cluster) async throws -> Result
  ) async throws -> Result {
    let plane = if let plane { plane } else { try await ControlPlane.shared }
    let client = try client(of: plane, context: context, pageSize: pageSize)
    do {
      let cluster = Cluster(plane: plane, client: client, namespace: try await plane.freshNamespace("client"))
      let result = try await body(cluster)
      await client.close()
      return result
    } catch {
      await client.close()
      throw error
    }
  }

  static func client(of plane: ControlPlane, context: String? = nil, pageSize: Int = 500) throws -> APIClient {
    let access = try Kubeconfig(file: plane.kubeconfig).access(context: context)
    return APIClient(access, settings: ClientSettings(userAgent: "tests", pageSize: pageSize))
  }

  func reference(_ name: String, _ kind: String = "ConfigMap", _ apiVersion: String = "v1") -> ObjectReference {
    ObjectReference(GroupVersionKind(apiVersion: apiVersion, kind: kind), namespace: namespace, name: name)
  }

  func body(_ text: String) throws -> JSONBody { try JSONBody(yaml(text)) }

  /// Makes a ConfigMap with the data given as YAML.
  @discardableResult
  func apply(
    _ name: String, _ data: String, _ options: WriteOptions = options
  ) async throws -> KubernetesObject {
    try await client.apply(
      body("{apiVersion: v1, kind: ConfigMap, metadata: {name: \(name)}, data: \(data)}"), to: reference(name), options)
  }
}
