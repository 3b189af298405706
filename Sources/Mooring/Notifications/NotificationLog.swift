import Logging
import MooringModel

/// What notifications have to say in the watcher's log.
struct NotificationLog: Sendable {
  /// Identifiers that a line lists.
  private static let listed = 10

  let logger: Logger

  func write(_ notification: Notification) {
    var metadata: Logger.Metadata = [
      "environment": "\(notification.environment)", "notification": "\(notification.id)",
      "kind": "\(notification.kind.rawValue)", "severity": "\(notification.severity.rawValue)",
    ]
    if !notification.about.isEmpty { metadata["about"] = list(notification.about) }
    if !notification.resolves.isEmpty { metadata["resolves"] = list(notification.resolves) }
    if !notification.details.isEmpty { metadata["details"] = .array(notification.details.map { "\($0)" }) }
    let level: Logger.Level =
      switch notification.severity {
      case .info: .notice
      case .warning: .warning
      case .critical: .error
      }
    logger.log(level: level, "\(notification.title)", metadata: metadata)
  }

  private func list(_ ids: [String]) -> Logger.MetadataValue {
    .array(ids.prefix(Self.listed).map { "\($0)" } + (ids.count > Self.listed ? ["…"] : []))
  }

  func failed(_ channel: String, _ why: String, retryAfter: Duration) {
    logger.warning(
      "notification not delivered yet",
      metadata: ["channel": "\(channel)", "error": "\(why)", "retry": "\(retryAfter.formattedSeconds)"])
  }

  func works(_ channel: String, after failures: Int) {
    logger.notice("notifications are delivered again", metadata: ["channel": "\(channel)", "failures": "\(failures)"])
  }

  func givenUp(_ channel: String, _ notification: Notification, _ why: String) {
    logger.error(
      "notification given up",
      metadata: ["channel": "\(channel)", "notification": "\(notification.id)", "error": "\(why)"])
  }

  func problem(_ channel: String, _ what: String) {
    logger.warning("notifications", metadata: ["channel": "\(channel)", "error": "\(what)"])
  }
}

extension Duration {
  fileprivate var formattedSeconds: String { "\(components.seconds)s" }
}
