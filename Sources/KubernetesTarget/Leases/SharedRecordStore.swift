import Documents
import FoundationEssentials
import Kubernetes
import MooringModel

/// Keeps what one replica leaves for the next: a ConfigMap `mooring.journal-ENV` beside the inventory.
struct SharedRecordStore: Sendable {
  /// Bytes of what is read: more than a thousand entries never need.
  private static let limit = 1 << 20

  let client: APIClient
  let reference: ObjectReference
  let environment: EnvironmentName

  init(client: APIClient, namespace: String, environment: EnvironmentName) {
    self.client = client
    self.environment = environment
    reference = ObjectReference(
      GroupVersionKind(apiVersion: "v1", kind: "ConfigMap"), namespace: namespace,
      name: "mooring.journal-\(environment)")
  }

  struct Stored: Sendable {
    var record: SharedRecord?
    var version: String?
  }

  func read() async throws(Fault) -> Stored {
    let object: KubernetesObject
    do { object = try await client.get(reference) } catch {
      if error.code == .notFound { return Stored(record: nil, version: nil) }
      throw Fault(error)
    }
    guard let text = object.root["data"]?["record"]?.text, text.utf8.count <= Self.limit else { throw unreadable }
    do {
      let record = try JSONDecoder().decode(SharedRecord.self, from: Data(text.utf8))
      return Stored(record: record, version: object.resourceVersion)
    } catch {
      throw unreadable
    }
  }

  private var unreadable: Fault {
    Fault(
      .target, "what the last watcher left there can't be read", at: reference.description,
      remedy: "put it back as it was, or delete it: then nothing is known of what other state directories recorded")
  }

  /// - Returns: `nil` where somebody has written it since it was read.
  func write(_ record: SharedRecord, over stored: Stored) async throws(Fault) -> Stored? {
    do {
      let body = try body(record, version: stored.version)
      let options = WriteOptions(fieldManager: InventoryStore.manager)
      let object =
        stored.version == nil
        ? try await client.create(body, as: reference, options)
        : try await client.replace(body, at: reference, options)
      return Stored(record: record, version: object.resourceVersion)
    } catch let error as KubernetesError {
      switch error.code {
      case .conflict, .alreadyExists: return nil
      // There is no namespace yet, or it was deleted by hand: it is made when it is written next.
      case .notFound: return Stored(record: nil, version: nil)
      default: throw Fault(error)
      }
    } catch {
      throw Fault(.unexpected, "\(error)", at: reference.description)
    }
  }

  private func body(_ record: SharedRecord, version: String?) throws -> JSONBody {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let json = String(decoding: try encoder.encode(record), as: UTF8.self)
    func text(_ text: String) -> FieldValue { .scalar(.string(text)) }
    var metadata: [FieldValue.Entry] = [
      .init(key: "name", value: text(reference.name)), .init(key: "namespace", value: text(reference.namespace ?? "")),
      .init(
        key: "labels", value: .mapping([.init(key: InventoryStore.label, value: text(environment.string))])),
    ]
    if let version { metadata.append(.init(key: "resourceVersion", value: text(version))) }
    return try JSONBody(
      .mapping([
        .init(key: "apiVersion", value: text("v1")), .init(key: "kind", value: text("ConfigMap")),
        .init(key: "metadata", value: .mapping(metadata)),
        .init(key: "data", value: .mapping([.init(key: "record", value: text(json))])),
      ]))
  }
}
