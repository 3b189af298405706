import Kubernetes
import MooringModel

/// The watches of a cluster, one a resource and namespace, whoever takes an interest in them.
///
/// Of each object only its identity and a few words are kept (``WatchedObject``). A watch runs from the first subscriber's
/// coming to the last one's going; its task is held here, and cancelled then.
actor WatchHub {
  struct Place: Hashable, Sendable {
    var resource: APIResource
    /// `nil` for the whole cluster.
    var namespace: String?
  }

  /// What a subscriber is told.
  enum News: Sendable {
    /// What happens from now on is told.
    case begun
    /// An object came, or was changed in what people change. `isApplied` where an environment's deployment did it.
    case changed(KubernetesObject, isApplied: Bool)
    /// An object is gone, as it was where that is known.
    case gone(ObjectReference, KubernetesObject?)
    /// Something may have been missed.
    case everything
    /// Whatever happens at a place is told as it happens from now on.
    case seen(Place)
    /// Nothing can be seen there for now.
    case blind(Place, KubernetesError)
  }

  struct Subscriber: Sendable {
    /// It is told of objects that say they are this environment's, and of those that say nothing.
    var environment: String
    var tell: @Sendable (News) -> Void
  }

  private struct Watched {
    var subscribers: [Int: Subscriber] = [:]
    var ofEnvironment: [String: Set<Int>] = [:]
    var task: Task<Void, Never>?
    var objects: [ObjectKey: WatchedObject] = [:]
    /// Of those objects, what is told of the ones that nobody explains.
    var strangers: [ObjectKey: Deviation] = [:]
    /// Whether everything was listed, whenever that was.
    var isSynced = false
    /// Of a list that is read while objects are known from before, what it has had.
    var listed: Set<ObjectKey>?
    /// Whether what happens is told as it happens.
    var isOpen = false
    /// Why nothing can be seen for now.
    var trouble: KubernetesError?
    /// Who waits until it is known what is there, or why that can't be known.
    var waiting: [CheckedContinuation<Void, Never>] = []

    var isLive: Bool { isSynced && trouble == nil }
  }

  private var watched: [Place: Watched] = [:]
  /// Subscribers that haven't left.
  private var present: Set<Int> = []
  private var last = 0

  // MARK: Subscribing

  /// Tells from now on what happens at some places.
  ///
  /// - Returns: By what to leave.
  func subscribe(to places: Set<Place>, of client: APIClient, _ subscriber: Subscriber) -> Int {
    last += 1
    present.insert(last)
    for place in places { add(subscriber, as: last, to: place, client) }
    return last
  }

  /// Tells a subscriber of other places than before. What goes on isn't interrupted.
  func move(_ id: Int, to places: Set<Place>, of client: APIClient, _ subscriber: Subscriber) {
    guard present.contains(id) else { return }
    for place in places where watched[place]?.subscribers[id] == nil { add(subscriber, as: id, to: place, client) }
    for place in Array(watched.keys) where !places.contains(place) { remove(id, from: place) }
  }

  func leave(_ id: Int) {
    present.remove(id)
    for place in Array(watched.keys) { remove(id, from: place) }
  }

  private func add(_ subscriber: Subscriber, as id: Int, to place: Place, _ client: APIClient) {
    watched[place, default: Watched()].subscribers[id] = subscriber
    watched[place]?.ofEnvironment[subscriber.environment, default: []].insert(id)
    if watched[place]?.isLive == true { subscriber.tell(.begun) }
    if watched[place]?.isOpen == true { subscriber.tell(.seen(place)) }
    if let trouble = watched[place]?.trouble { subscriber.tell(.blind(place, trouble)) }
    if watched[place]?.task == nil { watched[place]?.task = Task { await self.follow(place, client) } }
  }

  private func remove(_ id: Int, from place: Place) {
    guard let subscriber = watched[place]?.subscribers.removeValue(forKey: id) else { return }
    watched[place]?.ofEnvironment[subscriber.environment]?.remove(id)
    if watched[place]?.ofEnvironment[subscriber.environment]?.isEmpty ?? false {
      watched[place]?.ofEnvironment[subscriber.environment] = nil
    }
    guard watched[place]?.subscribers.isEmpty ?? false else { return }
    let old = watched.removeValue(forKey: place)
    old?.task?.cancel()
    for one in old?.waiting ?? [] { one.resume() }
  }

  // MARK: What is known

  /// What is known of some objects, and of those that nobody explains.
  struct View: Sendable {
    /// In the order in which they were asked for; `nil` where none is there.
    var objects: [WatchedObject?]
    var strangers: [Deviation]
    /// Objects that carry an environment's label, and aren't known to be its.
    var labelled: [ObjectReference] = []
  }

  /// Waits until everything at the places has been listed.
  ///
  /// - Parameters:
  ///   - strangers: Where objects that nobody explains are wanted.
  ///   - environment: Whose label some of those carry.
  ///   - isUnknown: Whether an object with that label isn't the environment's.
  /// - Returns: `nil` where one of the places isn't watched, or can't be seen for now.
  func view(
    of objects: [(place: Place, key: ObjectKey)], strangersAt strangers: Set<Place>, labelled environment: String = "",
    where isUnknown: @Sendable (ObjectReference) -> Bool = { _ in false }
  ) async -> View? {
    let places = Set(objects.map(\.place)).union(strangers)
    for place in places {
      guard let known = watched[place] else { return nil }
      if !known.isSynced && known.trouble == nil {
        await withCheckedContinuation { watched[place]?.waiting.append($0) }
      }
    }
    guard places.allSatisfy({ watched[$0]?.isLive ?? false }) else { return nil }
    return View(
      objects: objects.map { watched[$0.place]?.objects[$0.key] },
      strangers: strangers.flatMap { (watched[$0]?.strangers ?? [:]).values },
      labelled: strangers.flatMap { labelled(environment, at: $0, where: isUnknown) })
  }

  private func labelled(
    _ environment: String, at place: Place, where isUnknown: (ObjectReference) -> Bool
  ) -> [ObjectReference] {
    (watched[place]?.objects ?? [:]).compactMap { key, object in
      guard object.isOfRelease, object.environment == environment else { return nil }
      let reference = ObjectReference(place.resource.kind, namespace: key.namespace, name: key.name)
      return isUnknown(reference) ? reference : nil
    }
  }

  // MARK: Watching

  private func follow(_ place: Place, _ client: APIClient) async {
    var refusals = 0
    while !Task.isCancelled {
      watched[place]?.listed = []
      do {
        for try await event in client.watch(place.resource, namespace: place.namespace) {
          if case .opened = event { refusals = 0 }
          take(event, at: place)
        }
      } catch {
        lose(place, by: error)
      }
      // A refusal doesn't pass by being asked for again at once.
      refusals += 1
      do { try await Task.sleep(for: min(Self.pause * refusals, Self.longestPause)) } catch { return }
    }
  }

  private static let (pause, longestPause) = (Duration.seconds(10), Duration.seconds(60))

  private func take(_ event: WatchEvent, at place: Place) {
    if case .interrupted(let error) = event { return lose(place, by: error) }
    watched[place]?.trouble = nil
    switch event {
    case .added(let object), .modified(let object): note(object, at: place)
    case .deleted(let object):
      forget(ObjectKey(namespace: object.namespace, name: object.name), object, at: place)
    case .vanished(let key): forget(key, nil, at: place)
    case .opened:
      watched[place]?.isOpen = true
      tell(.seen(place), at: place, of: [nil])
    case .synced:
      forgetUnlisted(at: place)
      tell(watched[place]?.isSynced == true ? .everything : .begun, at: place, of: [nil])
      watched[place]?.isSynced = true
      release(place)
    case .bookmark, .interrupted: break
    }
  }

  private func lose(_ place: Place, by error: KubernetesError) {
    watched[place]?.trouble = error
    watched[place]?.isOpen = false
    release(place)
    tell(.blind(place, error), at: place, of: [nil])
  }

  private func release(_ place: Place) {
    let waiting = watched[place]?.waiting ?? []
    watched[place]?.waiting = []
    for one in waiting { one.resume() }
  }

  /// What went while a refused watch couldn't tell of it.
  private func forgetUnlisted(at place: Place) {
    guard let listed = watched[place]?.listed else { return }
    watched[place]?.listed = nil
    for key in watched[place]?.objects.keys.filter({ !listed.contains($0) }) ?? [] { forget(key, nil, at: place) }
  }

  private func note(_ object: KubernetesObject, at place: Place) {
    let key = ObjectKey(namespace: object.namespace, name: object.name)
    watched[place]?.listed?.insert(key)
    let new = WatchedObject(object)
    let old = watched[place]?.objects.updateValue(new, forKey: key)
    watched[place]?.strangers[key] = new.environment == nil ? Deviation(stranger: object) : nil
    guard watched[place]?.isSynced == true, old?.content != new.content else { return }
    let environments = [new.environment] + (old.map { [$0.environment] } ?? [])
    tell(.changed(object, isApplied: old?.applied != new.applied), at: place, of: environments)
  }

  private func forget(_ key: ObjectKey, _ object: KubernetesObject?, at place: Place) {
    let old = watched[place]?.objects.removeValue(forKey: key)
    watched[place]?.strangers[key] = nil
    let reference = ObjectReference(place.resource.kind, namespace: key.namespace, name: key.name)
    tell(.gone(object?.reference ?? reference, object), at: place, of: [old?.environment])
  }

  /// - Parameter environments: Whose news it is; everybody's where `nil` is among them.
  private func tell(_ news: News, at place: Place, of environments: [String?]) {
    guard let known = watched[place] else { return }
    if environments.contains(nil) {
      for subscriber in known.subscribers.values { subscriber.tell(news) }
    } else {
      for environment in Set(environments.compactMap { $0 }) {
        for id in known.ofEnvironment[environment] ?? [] { known.subscribers[id]?.tell(news) }
      }
    }
  }
}
