import Synchronization

/// A token bucket: so many a second, and a few more at once after a pause.
final class RateLimit: Sendable {
  private struct State {
    var tokens: Double
    var last: ContinuousClock.Instant
  }

  private let rate: Double
  private let burst: Double
  private let state: Mutex<State>

  init(rate: Double, burst: Double, at now: ContinuousClock.Instant = .now) {
    self.rate = rate
    self.burst = burst
    state = Mutex(State(tokens: burst, last: now))
  }

  /// Whether one more may come now.
  func admits(at now: ContinuousClock.Instant = .now) -> Bool {
    state.withLock { state in
      let seconds = max(.zero, now - state.last) / .seconds(1)
      state.tokens = min(burst, state.tokens + seconds * rate)
      state.last = max(state.last, now)
      guard state.tokens >= 1 else { return false }
      state.tokens -= 1
      return true
    }
  }
}
