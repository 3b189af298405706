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
      let audit = cluster.audit
      let listening = audit.listen(for: environment) { Self.tell(of: $0, isOurs: false, continuation) }
      continuation.onTermination = { [cluster, environment] _ in
        cluster.leaveWatches(id)
        audit.leave(environment, listening)
      }
      return LiveWatch(means: audit.isOpen ? .requests : .managers, changes: changes)
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
    case .changed(let object, let isApplied):
      if filter.isInventory(object.reference) {
        // What is watched is to be chosen anew.
        if filter.hasOtherObjects(object) { changes.finish() }
      } else if filter.concerns(object.reference, object) {
        tell(of: ObjectName(object.reference), isOurs: isApplied && filter.isOurs(object), changes)
      }
    case .gone(let reference, let object):
      if filter.isInventory(reference) {
        changes.finish()
      } else if filter.concerns(reference, object) {
        tell(of: ObjectName(reference), isOurs: false, changes)
      }
    case .everything: changes.yield(LiveChange(object: nil, at: Timestamp(Date())))
    // The watch goes on by itself, and tells of everything then.
    case .blind: break
    }
  }

  private static func tell(
    of object: ObjectName, isOurs: Bool, _ changes: AsyncStream<LiveChange>.Continuation
  ) {
    let change = LiveChange(object: object, isOurs: isOurs, at: Timestamp(Date()))
    if case .dropped = changes.yield(change) { changes.yield(LiveChange(object: nil, at: Timestamp(Date()))) }
  }
}
