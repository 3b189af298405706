import Documents
import Kubernetes
import MooringModel

/// Keeps an environment's inventory in the cluster: ConfigMaps `mooring-ENV`, `mooring-ENV-1`, … in its namespace.
///
/// The first one says which release is there and how many parts there are. It is written only over the version that was
/// read, so of two writers one is told. Whatever moment a writer is stopped at, everything that may be there is in one
/// part at least: a larger inventory is written from behind, a smaller one from the front.
struct InventoryStore: Sendable {
  static let manager = "mooring"
  static let label = "mooring.dev/inventory"

  let client: APIClient
  let namespace: String
  let environment: EnvironmentName

  /// An inventory, and the version of the ConfigMap that it was read from.
  struct Stored: Sendable {
    var inventory: ClusterInventory
    var version: String?
    var parts: Int
  }

  // MARK: Reading

  func read() async throws(Fault) -> Stored {
    guard let first = try await get(reference(0)) else {
      return Stored(inventory: ClusterInventory(), version: nil, parts: 0)
    }
    let data = first.root["data"]
    let parts = data?["parts"].flatMap { Int($0.text) } ?? 1
    guard (1...1000).contains(parts) else { throw unreadable("it claims to have \(parts) parts") }
    var items = try InventoryText.items(data?["objects"]?.text ?? "", at: reference(0).description)
    for part in 1..<max(parts, 1) {
      guard let more = try await get(reference(part)) else { throw unreadable("its part \(part) is missing") }
      items += try InventoryText.items(more.root["data"]?["objects"]?.text ?? "", at: reference(part).description)
    }
    let inventory = ClusterInventory(
      release: data?["release"].flatMap { ContentID(hex: $0.text) },
      pending: data?["pending"].flatMap { ContentID(hex: $0.text) }, items: items)
    return Stored(inventory: inventory, version: first.resourceVersion, parts: parts)
  }

  private func unreadable(_ why: String) -> Fault {
    Fault(
      .target, "the inventory can't be read: \(why)", at: reference(0).description,
      remedy: "put it back as it was; without it nothing can be pruned safely")
  }

  private func get(_ reference: ObjectReference) async throws(Fault) -> KubernetesObject? {
    do { return try await client.get(reference) } catch {
      if error.code == .notFound { return nil }
      throw Fault(error)
    }
  }

  // MARK: Writing

  /// - Throws: `conflict` where somebody else has written it since it was read.
  func write(_ inventory: ClusterInventory, over stored: Stored) async throws(Fault) -> Stored {
    let parts = InventoryText.parts(inventory)
    let isGrowing = inventory.items.count >= stored.inventory.items.count
    var version = stored.version
    for part in isGrowing ? parts.indices.reversed() : Array(parts.indices) {
      if part == 0 {
        version = try await writeFirst(parts[0], inventory, parts: parts.count, over: stored.version)
      } else {
        try await writePart(part, parts[part])
      }
    }
    for part in parts.count..<max(stored.parts, parts.count) { try await delete(reference(part)) }
    return Stored(inventory: inventory, version: version, parts: parts.count)
  }

  private func writeFirst(
    _ text: String, _ inventory: ClusterInventory, parts: Int, over version: String?
  ) async throws(Fault) -> String? {
    var data = [("environment", environment.string), ("parts", String(parts)), ("objects", text)]
    if let release = inventory.release { data.append(("release", release.hex)) }
    if let pending = inventory.pending { data.append(("pending", pending.hex)) }
    let options = WriteOptions(fieldManager: Self.manager)
    do {
      let body = try body(0, data, version: version)
      let written =
        version == nil
        ? try await client.create(body, as: reference(0), options)
        : try await client.replace(body, at: reference(0), options)
      return written.resourceVersion
    } catch {
      guard error.code == .conflict || error.code == .alreadyExists else { throw Fault(error) }
      throw Fault(
        .conflict, "another program has deployed \(environment) at this moment", at: reference(0).description,
        remedy: "look which watcher works on this cluster, and let one of them do it")
    }
  }

  private func writePart(_ part: Int, _ text: String) async throws(Fault) {
    do {
      _ = try await client.apply(
        body(part, [("objects", text)], version: nil), to: reference(part),
        WriteOptions(fieldManager: Self.manager, force: true))
    } catch {
      throw Fault(error)
    }
  }

  private func delete(_ reference: ObjectReference) async throws(Fault) {
    do { try await client.delete(reference) } catch {
      if error.code != .notFound { throw Fault(error) }
    }
  }

  private func reference(_ part: Int) -> ObjectReference {
    ObjectReference(
      GroupVersionKind(apiVersion: "v1", kind: "ConfigMap"), namespace: namespace,
      name: "mooring-\(environment)" + (part == 0 ? "" : "-\(part)"))
  }

  private func body(
    _ part: Int, _ data: [(String, String)], version: String?
  ) throws(KubernetesError) -> JSONBody {
    func text(_ text: String) -> FieldValue { .scalar(.string(text)) }
    let reference = reference(part)
    var metadata: [FieldValue.Entry] = [
      .init(key: "name", value: text(reference.name)), .init(key: "namespace", value: text(namespace)),
      .init(key: "labels", value: .mapping([.init(key: Self.label, value: text(environment.string))])),
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
