/// What the server has, asked for once and again when a kind isn't known.
public actor Discovery {
  /// How long a kind that isn't known stays so without the server being asked again.
  static let interval = Duration.seconds(10)

  private let clock: any Clock<Duration>
  private var catalogue: ResourceCatalogue?
  private var version: ServerVersion?
  private var age: @Sendable () -> Duration = { .zero }
  private var isAsking = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(clock: any Clock<Duration>) { self.clock = clock }

  /// Forgets what is known, so that the next question asks the server.
  public func forget() {
    catalogue = nil
    version = nil
  }

  /// - Throws: `unsupported` for a kind that the server doesn't have, `serverFailure` where it can't tell.
  func resource(for kind: GroupVersionKind, of client: APIClient) async throws(KubernetesError) -> APIResource {
    if let found = try await current(of: client)[kind] { return found }
    if age() >= Self.interval { try await ask(client) }
    let catalogue = try await current(of: client)
    if let found = catalogue[kind] { return found }
    if let why = catalogue.unavailable[kind.groupVersion] {
      throw KubernetesError(.serverFailure, "\(kind.groupVersion) isn't available: \(why)", request: "discover \(kind)")
    }
    let others = catalogue.resources.filter { $0.kind.groupKind == kind.groupKind }.map { "\($0.kind.groupVersion)" }
    throw KubernetesError(
      .unsupported, "the server has no \(kind)",
      remedy: others.isEmpty
        ? "see whether its CustomResourceDefinition is there" : "it has it as \(others.joined(separator: ", "))",
      request: "discover \(kind)")
  }

  func current(of client: APIClient) async throws(KubernetesError) -> ResourceCatalogue {
    while true {
      if let catalogue { return catalogue }
      try await ask(client)
    }
  }

  func serverVersion(of client: APIClient) async throws(KubernetesError) -> ServerVersion {
    if let version { return version }
    let asked = try await DiscoveryRequest(client: client).version()
    version = asked
    return asked
  }

  /// Asks the server, or waits for the answer to whoever is asking.
  private func ask(_ client: APIClient) async throws(KubernetesError) {
    if isAsking {
      await withCheckedContinuation { waiting.append($0) }
      return
    }
    isAsking = true
    defer {
      isAsking = false
      for continuation in waiting { continuation.resume() }
      waiting = []
    }
    let answer = try await DiscoveryRequest(client: client).catalogue()
    catalogue = answer
    age = Self.age(by: clock)
  }

  private static func age<C: Clock<Duration>>(by clock: C) -> @Sendable () -> Duration {
    let start = clock.now
    return { start.duration(to: clock.now) }
  }
}

extension APIClient {
  /// The resource of a kind.
  ///
  /// - Throws: `unsupported` for a kind that the server doesn't have, `serverFailure` where it can't tell.
  public func resource(for kind: GroupVersionKind) async throws(KubernetesError) -> APIResource {
    try await discovery.resource(for: kind, of: self)
  }

  /// Everything that the server has.
  public func resources() async throws(KubernetesError) -> ResourceCatalogue { try await discovery.current(of: self) }

  public func serverVersion() async throws(KubernetesError) -> ServerVersion {
    try await discovery.serverVersion(of: self)
  }
}
