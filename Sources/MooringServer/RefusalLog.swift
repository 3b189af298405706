import Logging
import Synchronization

/// Says that requests are refused, each reason once a minute with how many there were: a flood is one line.
final class RefusalLog: Sendable {
  static let pause = Duration.seconds(60)

  private struct Reason {
    var until: ContinuousClock.Instant
    var held = 0
  }

  private let logger: Logger
  private let reasons = Mutex<[String: Reason]>([:])

  init(_ logger: Logger) { self.logger = logger }

  /// - Parameters:
  ///   - reason: One of a few.
  ///   - details: What the last one was; nothing of the request's content.
  func refused(
    _ reason: String, from address: String, _ details: String? = nil, at now: ContinuousClock.Instant = .now
  ) {
    let held = reasons.withLock { reasons -> Int? in
      if let known = reasons[reason], now < known.until {
        reasons[reason]?.held += 1
        return nil
      }
      let held = reasons[reason]?.held ?? 0
      reasons[reason] = Reason(until: now + Self.pause)
      return held
    }
    guard let held else { return }
    var metadata: Logger.Metadata = ["from": "\(address)"]
    if let details { metadata["error"] = "\(details)" }
    if held > 0 { metadata["before"] = "\(held) more since this was last said" }
    logger.warning("\(reason)", metadata: metadata)
  }
}
