import Git
import MooringModel

/// How far a channel has been told of an environment's journal, and what it needs to go on. Small, and kept in a file.
struct NotificationRecord: Sendable, Hashable {
  /// The commit up to which everything is delivered; `nil` for the journal's beginning.
  var commit: ObjectID?
  /// The commit after it, and how many of its events are delivered, where that isn't all of them.
  var partial: Partial?
  /// Notifications that were dropped, while nobody has been told so.
  var skipped = 0
  var story = NotificationStory()
  var quiet = QuietDrifts()

  struct Partial: Sendable, Hashable {
    var commit: ObjectID
    var events: Int
  }

  /// Takes an event in, and says what its channel is to be told of it.
  mutating func tell(_ event: Event, to channel: NotificationChannel, at now: Timestamp) -> Notification? {
    // Nothing of it is held back for a channel that isn't told of drift at all.
    guard channel.on.contains(.drift) else { return story.tell(event, to: channel.on) }
    guard let rest = quiet.sift(event, quiet: channel.quiet, at: now) else { return nil }
    return story.tell(rest, to: channel.on)
  }

  /// Says that some were dropped.
  func notice(of environment: EnvironmentName, at now: Timestamp) -> Notification? {
    guard skipped > 0 else { return nil }
    return Notification(
      id: "\(commit?.hex ?? "")-skipped-\(skipped)", .failure, event: "notifications.skipped", .warning, environment,
      at: now,
      "skipped \(skipped) notifications: this channel was too far behind; `mooring log \(environment)` has them all")
  }
}

extension NotificationRecord: Codable {
  private enum CodingKeys: String, CodingKey { case version, commit, partial, events, skipped, story, quiet }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func id(_ key: CodingKeys) throws -> ObjectID? {
      guard let text = try container.decodeIfPresent(String.self, forKey: key) else { return nil }
      guard let id = ObjectID(hex: text) else {
        throw Fault(.state, "not a commit: \(text.prefix(50).debugDescription)")
      }
      return id
    }
    commit = try id(.commit)
    if let part = try id(.partial) {
      partial = Partial(commit: part, events: try container.decode(Int.self, forKey: .events))
    }
    skipped = try container.decode(Int.self, forKey: .skipped)
    story = try container.decode(NotificationStory.self, forKey: .story)
    quiet = try container.decode(QuietDrifts.self, forKey: .quiet)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(1, forKey: .version)
    try container.encodeIfPresent(commit?.hex, forKey: .commit)
    try container.encodeIfPresent(partial?.commit.hex, forKey: .partial)
    try container.encodeIfPresent(partial?.events, forKey: .events)
    try container.encode(skipped, forKey: .skipped)
    try container.encode(story, forKey: .story)
    try container.encode(quiet, forKey: .quiet)
  }
}
