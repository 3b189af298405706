import Documents
import FoundationEssentials
import Kubernetes
import MooringModel

/// Keeps what one replica leaves for the next: a ConfigMap `mooring.journal-ENV` beside the inventory.
struct SharedRecordStore: Sendable {
  /// Bytes of what is read: more than a thousand entries never need.
  private static let limit = 1 << 20

  let client: APIClient
  private let map: OwnConfigMap
  var reference: ObjectReference { map.reference }

  static func name(of environment: EnvironmentName) -> String { "mooring.journal-\(environment)" }

  init(client: APIClient, namespace: String, environment: EnvironmentName) {
    self.client = client
    map = OwnConfigMap(Self.name(of: environment), in: namespace, of: environment)
  }

  struct Stored: Sendable {
    var record: SharedRecord?
    var version: String?
  }

  func read() async throws(Fault) -> Stored {
    let found: KubernetesObject?
    do { found = try await client.find(reference) } catch { throw Fault(error) }
    guard let object = found else { return Stored(record: nil, version: nil) }
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
      let object = try await client.write(body, at: reference, over: stored.version, options)
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
    return try map.body([("record", json)], version: version)
  }
}
