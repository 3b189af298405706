import Documents
import Kubernetes
import MooringModel

/// Reads and writes the Lease `mooring-ENV` in an environment's namespace, only ever over the version that was read.
struct LeaseStore: Sendable {
  static let kind = GroupVersionKind(apiVersion: "coordination.k8s.io/v1", kind: "Lease")

  struct Stored: Sendable {
    var record: LeaseRecord
    var version: String?
  }

  enum Written: Sendable {
    case done(Stored)
    /// Somebody else has written it since it was read.
    case overtaken
    /// There is no such namespace yet: nothing is there that could be worked on.
    case nowhere
  }

  let client: APIClient
  let reference: ObjectReference
  let environment: EnvironmentName

  init(client: APIClient, namespace: String, environment: EnvironmentName) {
    self.client = client
    self.environment = environment
    reference = ObjectReference(Self.kind, namespace: namespace, name: "mooring-\(environment)")
  }

  func read() async throws(KubernetesError) -> Stored? {
    try await client.find(reference).map { Stored(record: LeaseRecord($0), version: $0.resourceVersion) }
  }

  /// - Parameter stored: What it is to be written over; `nil` where none was there.
  func write(_ record: LeaseRecord, over stored: Stored?) async throws(KubernetesError) -> Written {
    let labels = [InventoryStore.label: environment.string]
    let body = try JSONBody(record.object(reference, labels: labels, version: stored?.version))
    let options = WriteOptions(fieldManager: InventoryStore.manager)
    do {
      let object = try await client.write(body, at: reference, over: stored?.version, options)
      return .done(Stored(record: record, version: object.resourceVersion))
    } catch {
      switch error.code {
      case .conflict, .alreadyExists: return .overtaken
      case .notFound: return stored == nil ? .nowhere : .overtaken
      default: throw error
      }
    }
  }
}
