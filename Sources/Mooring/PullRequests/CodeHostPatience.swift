import MooringModel
import Synchronization

/// Until when hosts want to be left alone, while the program runs.
final class CodeHostPatience: Sendable {
  /// The longest that a host can put us off: a revert waits.
  static let longest = Duration.seconds(900)

  private let until = Mutex<[String: Timestamp]>([:])

  static func bounded(_ wait: Duration) -> Duration { min(max(wait, .seconds(1)), longest) }

  func wait(_ api: String, until time: Timestamp) { until.withLock { $0[api] = time } }

  /// - Throws: `Fault` where it isn't time yet.
  func check(_ api: String, at now: Timestamp) throws(Fault) {
    guard let time = until.withLock({ $0[api] }), now < time else { return }
    throw Fault(
      .busy, "the host wants to be left alone until \(time)", at: NotificationURL.host(of: api),
      remedy: "it is asked again then")
  }
}
