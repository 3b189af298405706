/// Whether a failed request is tried again, and when.
struct RetryPolicy: Sendable {
  static let firstPause = Duration.milliseconds(100)
  static let longestPause = Duration.seconds(10)
  /// A server that wants to be left alone for longer gets its wish: the caller hears of it instead.
  static let longestRetryAfter = Duration.seconds(60)

  let attempts: Int

  /// How long to wait before the next try; `nil` where there is none.
  ///
  /// - Parameters:
  ///   - attempt: Tries that there were, from 1.
  ///   - fraction: Random, from 0 to 1: spreads out clients that failed together.
  func pause(
    after error: KubernetesError, attempt: Int, isRepeatable: Bool, fraction: Double
  ) -> Duration? {
    guard attempt < attempts, Self.isWorthAnother(error, attempt: attempt, isRepeatable: isRepeatable) else {
      return nil
    }
    if let wish = error.retryAfter {
      return wish <= Self.longestRetryAfter ? wish + Self.firstPause * fraction : nil
    }
    return Self.backoff(attempt: attempt, fraction: fraction)
  }

  /// Doubles with every attempt, from 1; half of it is left to chance.
  static func backoff(attempt: Int, fraction: Double) -> Duration {
    let full = min(firstPause * Double(1 << min(max(attempt, 1), 20)), longestPause)
    return full / 2 + full / 2 * fraction
  }

  private static func isWorthAnother(_ error: KubernetesError, attempt: Int, isRepeatable: Bool) -> Bool {
    switch error.code {
    // It was turned away before anything was done (kubernetes.io, "API Priority and Fairness").
    case .tooManyRequests: true
    case .unreachable, .timedOut: isRepeatable
    // An internal error may be one that stays, such as an admission webhook that doesn't answer.
    case .serverFailure: isRepeatable && (error.status?.code != 500 || error.retryAfter != nil || attempt == 1)
    default: false
    }
  }
}
