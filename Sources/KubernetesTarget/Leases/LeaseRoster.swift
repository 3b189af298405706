import MooringModel
import Synchronization

/// The leases that this program holds and has asked others for, in all clusters.
final class LeaseRoster: Sendable {
  private struct Entries {
    var held: Set<EnvironmentName> = []
    /// With the moment when a wish is given up.
    var wishes: [EnvironmentName: ContinuousClock.Instant] = [:]
  }

  private let entries = Mutex(Entries())

  var holding: Int { entries.withLock { $0.held.count } }

  func hold(_ environment: EnvironmentName) {
    entries.withLock {
      $0.held.insert(environment)
      $0.wishes[environment] = nil
    }
  }

  func drop(_ environment: EnvironmentName) { entries.withLock { _ = $0.held.remove(environment) } }

  /// Notes a wish, where there may be one more.
  ///
  /// - Returns: How many leases are held here, to be told with it; `nil` where nothing is to be asked.
  func wish(for environment: EnvironmentName, of other: Int, until end: ContinuousClock.Instant) -> Int? {
    entries.withLock { entries in
      let now = ContinuousClock.now
      entries.wishes = entries.wishes.filter { $0.value > now }
      let holding = entries.held.count
      guard entries.wishes[environment] == nil, entries.wishes.count < LeaseShare.wishes(holding, of: other) else {
        return nil
      }
      entries.wishes[environment] = end
      return holding
    }
  }
}
