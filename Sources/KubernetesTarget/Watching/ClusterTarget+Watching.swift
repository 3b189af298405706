import Documents
import FoundationEssentials
import Kubernetes
import MooringModel
import Synchronization

extension ClusterTarget {
  /// Watches the kinds that the inventory names, where it has objects of them, and the inventory itself: when that
  /// changes, another program has deployed, and other kinds may be there.
  func watch(_ rules: LookRules) async throws -> LiveWatch {
    do {
      let client = try await cluster.client()
      let known = stored
      let inventory = if let known { known.inventory } else { try await store().read().inventory }
      let places = try await places(of: inventory, client)
      let (changes, continuation) = AsyncStream<LiveChange>.makeStream(bufferingPolicy: .bufferingNewest(4096))
      let filter = CurrentFilter(filter(of: inventory))
      let sight = WatchedSight(of: places)
      let subscriber = WatchHub.Subscriber(environment: environment.string) { [judgements] news in
        sight.take(news)
        if let filter = filter.value { Self.pass(news, filter, judgements, to: continuation) }
      }
      let id = await cluster.watches.subscribe(to: places, of: client, subscriber)
      watching = Watching(id: id, filter: filter, subscriber: subscriber, sight: sight)
      let audit = cluster.audit
      let listening = audit.listen(for: environment) { news in
        switch news {
        case .author(let object): Self.tell(of: object, isOurs: false, continuation)
        case .entry(let entry) where filter.value.map { entry.isOf($0.known) } ?? false:
          Self.tell(of: entry, continuation)
        case .entry: break
        }
      }
      continuation.onTermination = { [cluster, environment] _ in
        filter.end()
        sight.end()
        cluster.leaveWatches(id)
        audit.leave(environment, listening)
      }
      // What another program has written before this watch began, none of its events tells.
      if let known, !(try await isCurrent(known)) { try await goOnWatching(store().read().inventory) }
      return LiveWatch(means: audit.isOpen ? .requests : .managers, changes: changes, sight: sight.live)
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  /// What this environment's watch is about.
  struct Watching {
    let id: Int
    let filter: CurrentFilter
    let subscriber: WatchHub.Subscriber
    let sight: WatchedSight
  }

  /// Which changes concern the environment, as its own deployments change it; none once the watch has ended.
  final class CurrentFilter: Sendable {
    private let filter: Mutex<WatchFilter?>
    init(_ filter: WatchFilter) { self.filter = Mutex(filter) }
    var value: WatchFilter? { filter.withLock { $0 } }
    func set(_ new: WatchFilter) { filter.withLock { $0 = $0 == nil ? nil : new } }
    func end() { filter.withLock { $0 = nil } }
  }

  var isWatched: Bool { watching?.filter.value != nil }

  /// Has the watch, where there is one, go on with what a deployment of ours has put there.
  func goOnWatching(_ inventory: ClusterInventory) async throws {
    guard let watching, isWatched else { return }
    let client = try await cluster.client()
    watching.filter.set(filter(of: inventory))
    let places = try await places(of: inventory, client)
    watching.sight.expect(places)
    await cluster.watches.move(watching.id, to: places, of: client, watching.subscriber)
  }

  /// Whether the watch has the inventory as it was read or written last.
  private func isCurrent(_ known: InventoryStore.Stored) async throws -> Bool {
    let (client, reference) = (try await cluster.client(), try await store().first)
    let maps = try await client.resource(for: reference.kind)
    let place = WatchHub.Place(resource: maps, namespace: reference.namespace)
    let key = ObjectKey(namespace: reference.namespace, name: reference.name)
    guard let view = await cluster.watches.view(of: [(place, key)], strangersAt: []) else { return false }
    return view.objects.first??.content == known.content
  }

  private func filter(of inventory: ClusterInventory) -> WatchFilter {
    WatchFilter(
      owner: owner, namespaces: Set(options.allNamespaces),
      known: Set(inventory.items.keys), kinds: Set(inventory.items.values.map(\.reference.kind)),
      release: inventory.release)
  }

  private func places(
    of inventory: ClusterInventory, _ client: APIClient
  ) async throws(KubernetesError) -> Set<WatchHub.Place> {
    let maps = try await client.resource(for: OwnConfigMap.kind)
    var places: Set<WatchHub.Place> = [WatchHub.Place(resource: maps, namespace: options.namespace)]
    for item in inventory.sorted {
      guard let resource = try await self.resource(of: item.reference.kind, client) else { continue }
      places.insert(WatchHub.Place(resource: resource, namespace: item.reference.namespace))
      guard resource.isNamespaced else { continue }
      for namespace in options.allNamespaces {
        places.insert(WatchHub.Place(resource: resource, namespace: namespace))
      }
    }
    return places
  }

  /// `nil` for a kind that the server doesn't have any more.
  private func resource(
    of kind: GroupVersionKind, _ client: APIClient
  ) async throws(KubernetesError) -> APIResource? {
    do { return try await client.resource(for: kind) } catch {
      guard [.unsupported, .notFound].contains(error.code) else { throw error }
      return nil
    }
  }

  private static func pass(
    _ news: WatchHub.News, _ filter: WatchFilter, _ judgements: Judgements,
    to changes: AsyncStream<LiveChange>.Continuation
  ) {
    switch news {
    case .changed(let object, let isApplied):
      if filter.isInventory(object.reference) {
        // What is watched is to be chosen anew.
        if filter.hasOtherObjects(object) { changes.finish() }
      } else if filter.concerns(object.reference, object), !isSettled(object, judgements) {
        tell(of: ObjectName(object.reference), isOurs: isApplied && filter.isOurs(object), changes)
      }
    case .gone(let reference, let object):
      judgements.forget(Identity(reference))
      if filter.isInventory(reference) {
        changes.finish()
      } else if filter.concerns(reference, object) {
        tell(of: ObjectName(reference), isOurs: false, changes)
      }
    case .everything: changes.yield(LiveChange(object: nil, at: Timestamp(Date())))
    // The watch goes on by itself, and tells of everything then.
    case .begun, .seen, .blind: break
    }
  }

  /// Whether the object was as its release has it, and still is.
  private static func isSettled(_ object: KubernetesObject, _ judgements: Judgements) -> Bool {
    do {
      guard let (finding, isOld) = try judgements.judge(object) else { return false }
      return isOld && finding.deviation == nil
    } catch {
      // It is asked about, and the trouble told then.
      judgements.forget(Identity(object.reference))
      return false
    }
  }

  private static func tell(of entry: ContainerEntry, _ changes: AsyncStream<LiveChange>.Continuation) {
    changes.yield(LiveChange(object: entry.object, by: entry.by, isEntry: true, at: Timestamp(Date())))
  }

  private static func tell(
    of object: ObjectName, isOurs: Bool, _ changes: AsyncStream<LiveChange>.Continuation
  ) {
    let change = LiveChange(object: object, isOurs: isOurs, at: Timestamp(Date()))
    if case .dropped = changes.yield(change) { changes.yield(LiveChange(object: nil, at: Timestamp(Date()))) }
  }
}
