import Kubernetes

/// The names of what environments have left in their namespaces, asked for once where many of them begin at one moment:
/// each then need not ask for what isn't there.
///
/// What is known so is as old as ``youth`` at most. Whoever goes on from it writes only where nothing is there, and is told
/// by the server where that isn't so any more.
actor LeftNames {
  /// Environments that ask for themselves before a list costs less.
  private static let few = 8
  private static let youth = Duration.seconds(30)

  struct Names: Sendable {
    var leases: Set<String>
    var configMaps: Set<String>
    fileprivate var at: ContinuousClock.Instant
  }

  private struct Place {
    var asked = 0
    var since = ContinuousClock.now
    var names: Names?
    var isListing = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private var places: [String: Place] = [:]

  /// - Returns: `nil` where each environment should ask for itself.
  func names(in namespace: String, by client: APIClient) async -> Names? {
    if isIdle(namespace) { places[namespace] = Place() }
    places[namespace, default: Place()].asked += 1
    guard let place = places[namespace], place.asked > Self.few else { return nil }
    if place.names == nil {
      if place.isListing {
        await withCheckedContinuation { places[namespace]?.waiting.append($0) }
      } else {
        await list(namespace, by: client)
      }
    }
    return places[namespace]?.names
  }

  /// Whether what is known is too old, or nobody has begun for a while.
  private func isIdle(_ namespace: String) -> Bool {
    guard let place = places[namespace], !place.isListing else { return false }
    return .now - (place.names?.at ?? place.since) > Self.youth
  }

  private func list(_ namespace: String, by client: APIClient) async {
    places[namespace]?.isListing = true
    let names = await Self.left(in: namespace, by: client)
    let waiting = places[namespace]?.waiting ?? []
    places[namespace]?.names = names
    if names == nil { places[namespace]?.asked = 0 }
    places[namespace]?.isListing = false
    places[namespace]?.waiting = []
    for one in waiting { one.resume() }
  }

  /// - Returns: `nil` where that can't be known now: each environment asks for itself then, and hears why.
  private static func left(in namespace: String, by client: APIClient) async -> Names? {
    let began = ContinuousClock.now
    // A record is written while its Lease is held: whose Lease isn't there before has left none after.
    guard let leases = try? await names(of: LeaseStore.kind, in: namespace, by: client),
      let maps = try? await names(of: OwnConfigMap.kind, in: namespace, by: client)
    else { return nil }
    return Names(leases: leases, configMaps: maps, at: began)
  }

  private static func names(
    of kind: GroupVersionKind, in namespace: String, by client: APIClient
  ) async throws -> Set<String> {
    var names: Set<String> = []
    let selector = ObjectSelector(labels: InventoryStore.label)
    let pages = client.pages(
      of: try await client.resource(for: kind), namespace: namespace, selector: selector, metadataOnly: true)
    for try await page in pages { names.formUnion(page.objects.map(\.name)) }
    return names
  }
}
