import FoundationEssentials
import GitRemotes
import MooringModel

/// Tells a channel of Slack's, or of what understands its incoming webhooks
/// (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>).
struct SlackDelivery: NotificationDelivery {
  /// Characters of a message: Slack asks for at most 4,000.
  static let mostCharacters = 3800

  let place: SecretPlace
  let post: NotificationPost

  func deliver(_ notification: Notification) async throws -> DeliveryOutcome {
    let url: String
    do throws(RemoteError) { url = try address() } catch {
      return .failed("the webhook can't be used: \(error.description)")
    }
    let body = try JSONEncoder().encode(Message(text: Self.text(of: notification)))
    return try await post.send(Array(body), to: url) { Self.word($0) }
  }

  private func address() throws(RemoteError) -> String {
    switch place {
    case .inline(let url): url
    case .file(let path): try TokenPlace.file(path).read(environment: [:]).withText { $0 }
    }
  }

  private struct Message: Encodable {
    var text: String
    // What others wrote isn't opened.
    var unfurlsLinks = false
    var unfurlsMedia = false

    enum CodingKeys: String, CodingKey {
      case text
      case unfurlsLinks = "unfurl_links"
      case unfurlsMedia = "unfurl_media"
    }
  }

  static func text(of notification: Notification) -> String {
    let sign =
      switch notification.severity {
      case .info: ":white_check_mark:"
      case .warning: ":warning:"
      case .critical: ":rotating_light:"
      }
    var text = "\(sign) *\(escaped(notification.environment.string))* \(escaped(notification.title))"
    for (index, detail) in notification.details.enumerated() {
      let line = "\n• \(escaped(detail))"
      guard text.count + line.count <= mostCharacters else {
        return text + "\n… and \(notification.details.count - index + notification.more) more"
      }
      text += line
    }
    return notification.more > 0 ? text + "\n… and \(notification.more) more" : text
  }

  /// What isn't a link, a mention or a date stays text
  /// (<https://docs.slack.dev/messaging/formatting-message-text#escaping>).
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// The words by which Slack refuses; anything else might repeat the URL.
  private static func word(_ answer: [UInt8]) -> String? {
    let text = String(decoding: answer.prefix(60), as: UTF8.self)
    return words.contains(text) ? text : nil
  }

  private static let words: Set<String> = [
    "invalid_payload", "no_text", "no_service", "no_service_id", "no_team", "no_active_hooks", "user_not_found",
    "channel_not_found", "channel_is_archived", "action_prohibited", "posting_to_general_channel_denied",
    "too_many_attachments", "team_disabled", "invalid_token", "rate_limited",
  ]
}
