/// Tells by a line of the watcher's log.
struct LogDelivery: NotificationDelivery {
  let log: NotificationLog

  func deliver(_ notification: Notification) async throws -> DeliveryOutcome {
    log.write(notification)
    return .delivered
  }
}
