import Documents
import FoundationEssentials
import Kubernetes
import MooringModel

extension ClusterTarget {
  /// Watches the kinds that the inventory names, where it has objects of them, and the inventory itself: when that
  /// changes, another program has deployed, and other kinds may be there.
  func watch(_ rules: LookRules) async throws -> LiveWatch {
    do {
      let client = try await cluster.client()
      let inventory = try await store().read().inventory
      let places = try await places(of: inventory, client)
      let (changes, continuation) = AsyncStream<LiveChange>.makeStream(bufferingPolicy: .bufferingNewest(4096))
      let filter = WatchFilter(
        environment: environment.string, manager: manager, namespaces: Set([options.namespace] + options.namespaces),
        known: Set(inventory.items.keys), kinds: Set(inventory.sorted.map(\.reference.kind)))
      let id = await cluster.watches.subscribe(to: places, of: client) { news in
        Self.pass(news, filter, to: continuation)
      }
      continuation.onTermination = { [cluster] _ in cluster.leaveWatches(id) }
      return LiveWatch(means: .managers, changes: changes)
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  private func places(
    of inventory: ClusterInventory, _ client: APIClient
  ) async throws(KubernetesError) -> Set<WatchHub.Place> {
    let maps = try await client.resource(for: GroupVersionKind(apiVersion: "v1", kind: "ConfigMap"))
    var places: Set<WatchHub.Place> = [WatchHub.Place(resource: maps, namespace: options.namespace)]
    for item in inventory.sorted {
      guard let resource = try? await client.resource(for: item.reference.kind) else { continue }
      places.insert(WatchHub.Place(resource: resource, namespace: item.reference.namespace))
      guard resource.isNamespaced else { continue }
      for namespace in options.namespaces { places.insert(WatchHub.Place(resource: resource, namespace: namespace)) }
    }
    return places
  }

  private static func pass(
    _ news: WatchHub.News, _ filter: WatchFilter, to changes: AsyncStream<LiveChange>.Continuation
  ) {
    switch news {
    case .changed(let reference, let object):
      if filter.isInventory(reference) {
        // What is watched is to be chosen anew.
        if object.map(filter.hasOtherObjects) ?? true { changes.finish() }
        return
      }
      guard filter.concerns(reference, object) else { return }
      let change = LiveChange(
        object: ObjectName(reference), isOurs: object.map(filter.isOurs) ?? false, at: Timestamp(Date()))
      if case .dropped = changes.yield(change) { changes.yield(LiveChange(object: nil, at: Timestamp(Date()))) }
    case .everything: changes.yield(LiveChange(object: nil, at: Timestamp(Date())))
    // The watch goes on by itself, and tells of everything then.
    case .blind: break
    }
  }
}

/// Which of a cluster's changes concern an environment.
struct WatchFilter: Sendable {
  let environment: String
  let manager: String
  let namespaces: Set<String>
  let known: Set<Identity>
  let kinds: Set<GroupVersionKind>

  func isInventory(_ reference: ObjectReference) -> Bool {
    reference.kind.kind == "ConfigMap" && reference.kind.group.isEmpty && reference.name == "mooring-\(environment)"
      && reference.namespace.map(namespaces.contains) ?? false
  }

  /// Whether an inventory names kinds or objects that aren't watched for.
  func hasOtherObjects(_ inventory: KubernetesObject) -> Bool {
    guard inventory.root["data"]?["pending"] == nil, let text = inventory.root["data"]?["objects"]?.text,
      let items = try? InventoryText.items(text, at: "")
    else { return false }
    return items.contains { !known.contains($0.identity) }
  }

  /// What is ours, was ours, or is nobody's in our namespaces.
  func concerns(_ reference: ObjectReference, _ object: KubernetesObject?) -> Bool {
    if known.contains(Identity(reference)) { return true }
    guard kinds.contains(reference.kind), let object else { return false }
    let label = object.label(ManagedObject.label)
    if label != nil { return label == environment }
    return reference.namespace.map(namespaces.contains) ?? false
  }

  /// Whether the last change was Mooring's, of this environment.
  func isOurs(_ object: KubernetesObject) -> Bool {
    guard let entries = try? object.managedFields, let latest = entries.compactMap(\.time).max() else { return false }
    return entries.filter { $0.time == latest && $0.subresource != "status" }.allSatisfy { $0.manager == manager }
      && object.deletionTimestamp == nil
  }
}
