import MooringModel

/// Brings a notification where a channel goes.
protocol NotificationDelivery: Sendable {
  /// - Throws: `CancellationError` only.
  func deliver(_ notification: Notification) async throws -> DeliveryOutcome
}

enum DeliveryOutcome: Sendable, Hashable {
  case delivered
  /// It may go well later: not before `after`, where the other side said so. The text shows no secret.
  case failed(String, after: Duration? = nil)
  /// The other side doesn't take this one, now or later.
  case refused(String)
}

extension NotificationChannel {
  func delivery(logger: NotificationLog, time: Time) -> any NotificationDelivery {
    switch means {
    case .log: LogDelivery(log: logger)
    case .command(let arguments): CommandDelivery(arguments: arguments)
    case .webhook(let url, let secretFile, let way):
      WebhookDelivery(url: url, secretFile: secretFile, post: NotificationPost(way: way), time: time)
    case .slack(let place, let way): SlackDelivery(place: place, post: NotificationPost(way: way))
    }
  }
}
