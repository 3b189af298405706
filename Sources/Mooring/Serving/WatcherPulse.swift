import Synchronization

/// Whether a watcher's loops still turn: each says when it will be heard of next.
public final class WatcherPulse: Sendable {
  private struct State {
    var due: [String: ContinuousClock.Instant] = [:]
    var isReady = false
  }

  private let state = Mutex(State())

  public init() {}

  /// Whether the state directory is open and ours, and every environment was loaded.
  public var isReady: Bool { state.withLock { $0.isReady } }

  /// Loops that should have been heard of by now; empty while all turn.
  public func late(at now: ContinuousClock.Instant = .now) -> [String] {
    state.withLock { state in state.due.filter { $0.value < now }.keys.sorted() }
  }

  func becomeReady() { state.withLock { $0.isReady = true } }

  /// - Parameter within: By when the loop will have said this again.
  func beat(_ loop: String, within time: Duration, at now: ContinuousClock.Instant = .now) {
    state.withLock { $0.due[loop] = now + time }
  }

  /// The loop has ended, as it should.
  func end(_ loop: String) { state.withLock { $0.due[loop] = nil } }
}
