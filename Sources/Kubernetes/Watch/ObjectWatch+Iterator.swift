extension ObjectWatch {
  public struct Iterator: AsyncIteratorProtocol {
    private enum Phase {
      case listing(ObjectPages.Iterator)
      case resuming(from: String)
      case watching(WatchConnection, from: String)
      case ended
    }

    private let watch: ObjectWatch
    private var phase: Phase
    private var known = KnownVersions()
    /// What has been read and not yet told, last first.
    private var pending: [WatchEvent] = []
    /// In a row.
    private var failures = 0
    /// Whether the last of them has been told and not yet waited for.
    private var owesPause = false
    /// Whether it has been told that the watch is open, and no interruption since.
    private var isOpen = false

    init(watch: ObjectWatch) {
      self.watch = watch
      phase = .listing(watch.pages.makeAsyncIterator())
    }

    public mutating func next() async throws -> WatchEvent? { try await next(isolation: nil) }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(KubernetesError) -> WatchEvent? {
      while true {
        if let event = pending.popLast() { return event }
        do {
          if case .ended = phase { return nil }
          try await pauseIfOwed(isolation: actor)
          try await advance(isolation: actor)
        } catch {
          return try interrupted(by: error)
        }
      }
    }

    /// Takes one step: a page of the list, the opening of a watch, or an event of it.
    private mutating func advance(isolation actor: isolated (any Actor)?) async throws(KubernetesError) {
      switch phase {
      case .listing(var pages):
        let page = try await pages.next(isolation: actor)
        if let page { take(page, pages) }
      case .resuming(let version):
        let body = try await watch.client.open(watch.request(from: version))
        phase = .watching(WatchConnection(body, client: watch.client, resource: watch.resource), from: version)
        if !isOpen { pending = [.opened] }
        isOpen = true
      case .watching(var connection, let version):
        guard let event = try await connection.next(isolation: actor) else {
          phase = .resuming(from: version)
          return
        }
        try take(event, connection, from: version)
      case .ended: break
      }
    }

    private mutating func take(_ page: ObjectPage, _ pages: ObjectPages.Iterator) {
      if page.isRestart { known.beginList() }
      var events: [WatchEvent] = page.objects.compactMap { known.list($0) }
      if page.next == nil {
        events += known.endList().map(WatchEvent.vanished) + [.synced(resourceVersion: page.resourceVersion)]
        failures = 0
        phase = .resuming(from: page.resourceVersion)
      } else {
        phase = .listing(pages)
      }
      pending = events.reversed()
    }

    private mutating func take(
      _ event: RawWatchEvent, _ connection: WatchConnection, from version: String
    ) throws(KubernetesError) {
      var version = version
      switch event {
      case .added(let object):
        known.set(object)
        pending = [.added(object)]
        version = object.resourceVersion ?? version
      case .modified(let object):
        known.set(object)
        pending = [.modified(object)]
        version = object.resourceVersion ?? version
      case .deleted(let object):
        known.remove(object)
        pending = [.deleted(object)]
        version = object.resourceVersion ?? version
      case .bookmark(let reached):
        pending = [.bookmark(resourceVersion: reached)]
        version = reached
      case .failed(let error): throw error
      }
      failures = 0
      phase = .watching(connection, from: version)
    }

    /// The second failure in a row is the first that is waited for.
    private mutating func pauseIfOwed(isolation actor: isolated (any Actor)?) async throws(KubernetesError) {
      guard owesPause else { return }
      owesPause = false
      if failures > 1 { try await watch.client.pause(afterFailures: failures - 1) }
    }

    /// Decides what a failure means for what comes next.
    private mutating func interrupted(by error: KubernetesError) throws(KubernetesError) -> WatchEvent {
      switch (error.code, phase) {
      case (.expired, _):
        known.beginList()
        phase = .listing(watch.pages.makeAsyncIterator())
      case (.unreachable, .watching(_, let version)), (.timedOut, .watching(_, let version)),
        (.serverFailure, .watching(_, let version)), (.tooManyRequests, .watching(_, let version)):
        phase = .resuming(from: version)
      case (.unreachable, .listing), (.timedOut, .listing), (.serverFailure, .listing), (.tooManyRequests, .listing):
        known.beginList()
        phase = .listing(watch.pages.makeAsyncIterator())
      case (.unreachable, _), (.timedOut, _), (.serverFailure, _), (.tooManyRequests, _): break
      default:
        phase = .ended
        throw error
      }
      failures += 1
      owesPause = true
      isOpen = false
      return .interrupted(error)
    }
  }

  var pages: ObjectPages {
    ObjectPages(client: client, resource: resource, namespace: namespace, selector: selector)
  }

  func request(from version: String) throws(KubernetesError) -> APIRequest {
    var request = APIRequest(
      subject: "watch \(resource)", path: try APIPath(resource, namespace: namespace), query: selector.query,
      hidesValues: resource.isSecret)
    request.query += [
      ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", version),
      ("timeoutSeconds", String(client.watchSeconds)),
    ]
    return request
  }
}
