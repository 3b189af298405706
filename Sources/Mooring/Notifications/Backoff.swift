/// When a channel that failed is tried again: after 5 s, 10 s, 20 s, … up to 15 min, give or take a tenth.
struct Backoff: Sendable {
  static let first = Duration.seconds(5)
  static let longest = Duration.seconds(900)

  private(set) var failures = 0

  /// - Parameter asked: What the other side asked for; it isn't tried sooner.
  mutating func failed(asked: Duration? = nil) -> Duration {
    failures += 1
    let delay = min(Self.first * (1 << min(failures - 1, 10)), Self.longest) * Double.random(in: 0.9...1.1)
    return max(delay, asked ?? .zero)
  }

  mutating func succeeded() { failures = 0 }
}
