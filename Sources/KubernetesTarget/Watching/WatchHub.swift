import Kubernetes
import MooringModel

/// The watches of a cluster, one a resource and namespace, whoever takes an interest in them.
///
/// Of each object only its identity and a hash are kept. A watch runs from the first subscriber's coming to the last
/// one's going; its task is held here, and cancelled then.
actor WatchHub {
  struct Place: Hashable, Sendable {
    var resource: APIResource
    /// `nil` for the whole cluster.
    var namespace: String?
  }

  /// What a subscriber is told.
  enum News: Sendable {
    /// An object came, or was changed in what people change. `isApplied` where an environment's deployment did it.
    case changed(KubernetesObject, isApplied: Bool)
    /// An object is gone, as it was where that is known.
    case gone(ObjectReference, KubernetesObject?)
    /// Something may have been missed.
    case everything
    /// Nothing can be seen for now.
    case blind(KubernetesError)
  }

  typealias Subscriber = @Sendable (News) -> Void

  private struct Watched {
    var subscribers: [Int: Subscriber] = [:]
    var task: Task<Void, Never>?
    var hashes: [ObjectKey: (content: ContentHash, applied: ApplyHash)] = [:]
    var isSynced = false
  }

  private var watched: [Place: Watched] = [:]
  private var last = 0

  /// Tells from now on what happens at some places.
  ///
  /// - Returns: By what to leave.
  func subscribe(to places: Set<Place>, of client: APIClient, _ subscriber: @escaping Subscriber) -> Int {
    last += 1
    for place in places {
      watched[place, default: Watched()].subscribers[last] = subscriber
      if watched[place]?.task == nil {
        watched[place]?.task = Task { await self.follow(place, client) }
      }
    }
    return last
  }

  func leave(_ id: Int) {
    for place in Array(watched.keys) where watched[place]?.subscribers.removeValue(forKey: id) != nil {
      guard watched[place]?.subscribers.isEmpty ?? false else { continue }
      watched.removeValue(forKey: place)?.task?.cancel()
    }
  }

  private func follow(_ place: Place, _ client: APIClient) async {
    while !Task.isCancelled {
      do {
        for try await event in client.watch(place.resource, namespace: place.namespace) { take(event, at: place) }
      } catch {
        tell(.blind(error), at: place)
      }
      // A refusal doesn't pass by being asked for again at once.
      do { try await Task.sleep(for: .seconds(10)) } catch { return }
    }
  }

  private func take(_ event: WatchEvent, at place: Place) {
    switch event {
    case .added(let object), .modified(let object): note(object, at: place)
    case .deleted(let object):
      watched[place]?.hashes[ObjectKey(namespace: object.namespace, name: object.name)] = nil
      tell(.gone(object.reference, object), at: place)
    case .vanished(let key):
      watched[place]?.hashes[key] = nil
      tell(.gone(ObjectReference(place.resource.kind, namespace: key.namespace, name: key.name), nil), at: place)
    case .synced:
      if watched[place]?.isSynced == true { tell(.everything, at: place) }
      watched[place]?.isSynced = true
    case .bookmark: break
    case .interrupted(let error): tell(.blind(error), at: place)
    }
  }

  private func note(_ object: KubernetesObject, at place: Place) {
    let key = ObjectKey(namespace: object.namespace, name: object.name)
    let hashes = (content: ContentHash(object), applied: ApplyHash(object))
    let old = watched[place]?.hashes.updateValue(hashes, forKey: key)
    guard watched[place]?.isSynced == true, old?.content != hashes.content else { return }
    tell(.changed(object, isApplied: old?.applied != hashes.applied), at: place)
  }

  private func tell(_ news: News, at place: Place) {
    for subscriber in (watched[place]?.subscribers ?? [:]).values { subscriber(news) }
  }
}
