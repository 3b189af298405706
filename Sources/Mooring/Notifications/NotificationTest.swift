import Logging
public import MooringModel

/// What came of a test notification to one channel.
public struct NotificationTest: Sendable, Encodable {
  public var channel: String
  /// Why it wasn't delivered; `nil` where it was. It shows no secret.
  public var problem: String?
}

extension Workspace {
  /// Sends a test notification to each configured channel, or to one of them; nothing is tried twice or remembered.
  ///
  /// - Throws: `Fault` where there is no such channel, or none at all.
  public func testNotifications(only name: String?, by person: Initiator) async throws -> [NotificationTest] {
    let channels = configuration.notifications.filter { name == nil || $0.name == name }
    guard !channels.isEmpty else { throw noChannel(name) }
    let log = NotificationLog(logger: Logger(label: "mooring"))
    var results: [NotificationTest] = []
    for channel in channels {
      guard let notification = test(of: channel, by: person) else { continue }
      let outcome = try await channel.delivery(logger: log, time: time).deliver(notification)
      let problem: String? =
        switch outcome {
        case .delivered: nil
        case .failed(let why, _), .refused(let why): why
        }
      results.append(NotificationTest(channel: channel.name, problem: problem))
    }
    return results
  }

  private func test(of channel: NotificationChannel, by person: Initiator) -> Notification? {
    guard let environment = channel.environments?.min() ?? environmentNames.first,
      let kind = Notification.Kind.allCases.first(where: channel.on.contains)
    else { return nil }
    let now = time.now()
    var notification = Notification(
      id: "test-\(Identifier(at: now))", kind, event: "notifications.test", .info, environment, at: now,
      "a test: \(person.name) asked whether notifications arrive here")
    notification.by = Notification.plain(person.name)
    return notification
  }

  private func noChannel(_ name: String?) -> Fault {
    guard let name else {
      return Fault(
        .notFound, "no channel is configured", at: configuration.path, remedy: "add one under `notifications`")
    }
    let known = configuration.notifications.map(\.name).joined(separator: ", ")
    return Fault(
      .notFound, "no channel is named \(name.debugDescription)", at: configuration.path,
      remedy: known.isEmpty ? "add one under `notifications`" : "there are: \(known)")
  }
}
