import Documents
import Kubernetes
import MooringModel

/// Keeps an environment's inventory in the cluster: a ConfigMap `mooring-ENV` in its namespace, and where that would be too
/// large further parts, which it names.
///
/// It is written only over the version that was read, so of two writers one is told. Parts never change: new ones are
/// there before the first ConfigMap names them, and old ones go when it doesn't any more. So whoever is stopped, whenever,
/// leaves an inventory that is whole, and at worst parts that nobody names.
struct InventoryStore: Sendable {
  static let manager = "mooring"
  static let label = "mooring.dev/inventory"
  /// How often reading begins again, where a writer replaces parts meanwhile.
  private static let tries = 5

  let client: APIClient
  let namespace: String
  let environment: EnvironmentName
  let permit: WritePermit

  /// An inventory, and the version of the ConfigMap that it was read from.
  struct Stored: Sendable {
    var inventory: ClusterInventory
    /// `nil` where none is there.
    var version: String?
    /// Names of its further ConfigMaps.
    var parts: [String]
    /// Of the ConfigMap, as a watch tells of it; `nil` where none is there.
    var content: ContentHash?

    /// Where nothing is written yet.
    static let none = Stored(inventory: ClusterInventory(), version: nil, parts: [])
  }

  static func name(of environment: String) -> String { "mooring-\(environment)" }

  /// - Throws: `Fault` of an environment whose name can be no ConfigMap's and no label's.
  init(
    client: APIClient, namespace: String, environment: EnvironmentName, permit: WritePermit = .free
  ) throws(Fault) {
    self.permit = permit
    self.client = client
    self.namespace = namespace
    self.environment = environment
    do {
      try NameRule.subdomain.check(environment.string)
      try NameRule.labelValue.check(environment.string)
    } catch {
      throw Fault(
        .configuration, "an environment in a cluster can't be called so: \(error)", at: environment.string,
        remedy: "call it by small letters, digits, `-` and `.`")
    }
  }

  private var firstMap: OwnConfigMap { configMap(Self.name(of: environment.string)) }
  var first: ObjectReference { firstMap.reference }

  // MARK: Reading

  func read() async throws(Fault) -> Stored {
    for _ in 0..<Self.tries {
      guard let map = try await get(first) else { return .none }
      if let stored = try await stored(map) { return stored }
    }
    throw unreadable("a part of it is missing")
  }

  /// - Returns: `nil` where a part is missing.
  private func stored(_ map: KubernetesObject) async throws(Fault) -> Stored? {
    let data = map.root["data"]
    let parts = (data?["parts"]?.text ?? "").split(separator: " ").map(String.init)
    guard parts.count <= 1000, parts.allSatisfy({ $0.hasPrefix("\(first.name).") }) else {
      throw unreadable("it names parts that aren't its own")
    }
    var items = try InventoryText.items(data?["objects"]?.text ?? "", at: first.description)
    for part in parts {
      guard let more = try await get(configMap(part).reference) else { return nil }
      items += try InventoryText.items(more.root["data"]?["objects"]?.text ?? "", at: more.reference.description)
    }
    let inventory = ClusterInventory(
      release: data?["release"].flatMap { ContentID(hex: $0.text) },
      pending: data?["pending"].flatMap { ContentID(hex: $0.text) }, items: items)
    return Stored(inventory: inventory, version: map.resourceVersion, parts: parts, content: ContentHash(map))
  }

  private func unreadable(_ why: String) -> Fault {
    Fault(
      .target, "the inventory can't be read: \(why)", at: first.description,
      remedy: "put it back as it was; without it nothing can be pruned safely")
  }

  private func get(_ reference: ObjectReference) async throws(Fault) -> KubernetesObject? {
    do { return try await client.find(reference) } catch { throw Fault(error) }
  }

  // MARK: Writing

  /// - Throws: `conflict` where somebody else has written it since it was read.
  func write(_ inventory: ClusterInventory, over stored: Stored) async throws(Fault) -> Stored {
    let texts = InventoryText.parts(inventory)
    var parts: [String] = []
    for text in texts.dropFirst() {
      let name = first.name + "." + String(UInt64.random(in: 1 << 60 ... .max), radix: 36)
      try await make(configMap(name), text)
      parts.append(name)
    }
    let written: KubernetesObject
    do {
      written = try await writeFirst(texts[0], inventory, parts, over: stored.version)
    } catch {
      // Nobody names them.
      if error.code == .conflict { for part in parts { try await delete(configMap(part).reference) } }
      throw error
    }
    for part in stored.parts { try await delete(configMap(part).reference) }
    return Stored(
      inventory: inventory, version: written.resourceVersion, parts: parts, content: ContentHash(written))
  }

  private func writeFirst(
    _ text: String, _ inventory: ClusterInventory, _ parts: [String], over version: String?
  ) async throws(Fault) -> KubernetesObject {
    var data = [("environment", environment.string), ("objects", text)]
    if !parts.isEmpty { data.append(("parts", parts.joined(separator: " "))) }
    if let release = inventory.release { data.append(("release", release.hex)) }
    if let pending = inventory.pending { data.append(("pending", pending.hex)) }
    let options = WriteOptions(fieldManager: Self.manager)
    do {
      try permit.check()
      let body = try firstMap.body(data, version: version)
      return try await client.write(body, at: first, over: version, options)
    } catch {
      throw refusal(error)
    }
  }

  private func refusal(_ error: KubernetesError) -> Fault {
    switch error.code {
    case .conflict, .alreadyExists:
      return Fault(
        .conflict, "another program has deployed \(environment) at this moment", at: first.description,
        remedy: "look which watcher works on this cluster, and let one of them do it")
    case .notFound:
      return Fault(
        .target, "the namespace \(namespace) isn't there", at: first.description,
        remedy: "put it into the release, or make it by hand")
    default: return Fault(error)
    }
  }

  private func make(_ map: OwnConfigMap, _ text: String) async throws(Fault) {
    do {
      let body = try map.body([("objects", text)], version: nil)
      _ = try await client.create(body, as: map.reference, WriteOptions(fieldManager: Self.manager))
    } catch {
      throw refusal(error)
    }
  }

  private func delete(_ reference: ObjectReference) async throws(Fault) {
    do { try await client.delete(reference) } catch {
      if error.code != .notFound { throw Fault(error) }
    }
  }

  private func configMap(_ name: String) -> OwnConfigMap { OwnConfigMap(name, in: namespace, of: environment) }
}
