import GitRemotes
import MooringModel

/// Tells a server of anybody's, with a signature by which it knows who is speaking.
struct WebhookDelivery: NotificationDelivery {
  /// Bytes of a secret: half of what HMAC-SHA256 can make use of (RFC 2104, 3).
  static let leastSecret = 16

  let url: String
  let secretFile: String
  let post: NotificationPost
  let time: Time

  func deliver(_ notification: Notification) async throws -> DeliveryOutcome {
    let body = try NotificationBody.json(of: notification)
    let key: [UInt8]
    do throws(RemoteError) {
      key = try TokenPlace.file(secretFile).read(environment: [:]).withText { Array($0.utf8) }
    } catch { return .failed("the secret can't be used: \(error.description)") }
    guard key.count >= Self.leastSecret else {
      return .failed(
        "\(secretFile): the secret has less than \(Self.leastSecret) bytes; make one with `openssl rand -hex 32`")
    }
    return try await post.send(
      body, to: url,
      [
        ("mooring-signature", Self.signature(of: body, at: time.now(), key: key)), ("mooring-event", notification.id),
        ("idempotency-key", notification.id),
      ])
  }

  /// `t=<seconds>,v1=<hex>` over `<seconds>.<body>`, as [Stripe](https://docs.stripe.com/webhooks#verify-manually)
  /// signs: the time is signed too, so that an old message can't be sent again.
  static func signature(of body: [UInt8], at time: Timestamp, key: [UInt8]) -> String {
    let digest = KeyedDigest.sha256(of: Array("\(time.seconds).".utf8) + body, key: key)
    return "t=\(time.seconds),v1=\(digest)"
  }
}
