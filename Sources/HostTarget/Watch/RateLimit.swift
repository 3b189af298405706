/// So many a second, and as many at once after a pause.
struct RateLimit {
  private let perSecond: Double
  private var left: Double
  private var asked: ContinuousClock.Instant?

  init(perSecond: Int) {
    self.perSecond = Double(perSecond)
    left = Double(perSecond)
  }

  /// Takes one, where there is one left.
  mutating func admits(at now: ContinuousClock.Instant) -> Bool {
    if let asked { left = min(perSecond, left + (now - asked) / .seconds(1) * perSecond) }
    asked = now
    guard left >= 1 else { return false }
    left -= 1
    return true
  }
}
