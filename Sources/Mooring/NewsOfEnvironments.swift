import MooringModel
import Synchronization

/// Environments that something has happened to, for whoever goes through them: of a thousand nearly all are as they were.
///
/// Now and then it names all of them, since another process may have written as well.
final class NewsOfEnvironments: Sendable {
  /// How often all are gone through where there is news at all.
  private static let whole = Duration.seconds(10)

  private struct State {
    var names: Set<EnvironmentName> = []
    /// When all were gone through last; `nil` where that is due.
    var whole: ContinuousClock.Instant?
  }

  private let state = Mutex(State())

  func note(_ environment: EnvironmentName) { state.withLock { _ = $0.names.insert(environment) } }

  /// What was taken couldn't be dealt with: next time it is all of them.
  func again() { state.withLock { $0.whole = nil } }

  /// - Returns: What to go through; `nil` for all.
  func take(at now: ContinuousClock.Instant = .now) -> Set<EnvironmentName>? {
    state.withLock { state in
      defer { state.names = [] }
      if let last = state.whole, now - last < Self.whole { return state.names }
      state.whole = now
      return nil
    }
  }
}
