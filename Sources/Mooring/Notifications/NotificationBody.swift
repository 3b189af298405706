import FoundationEssentials

/// A notification as the bytes that are sent.
enum NotificationBody {
  static func json(of notification: Notification) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try Array(encoder.encode(notification))
  }
}
