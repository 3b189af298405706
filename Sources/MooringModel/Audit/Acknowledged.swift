/// A person knows that something of the journal doesn't hold, and says why that is no reason for alarm: a disk was lost and
/// the journal came back from the remote, or somebody's commit names a head that never was.
public struct Acknowledged: Hashable, Sendable, Codable {
  /// The commit that it is about: a head that the journal had, or was said to have.
  public var head: ContentID
  public var reason: String

  public init(head: ContentID, reason: String) {
    self.head = head
    self.reason = reason
  }
}

/// What was acknowledged, by whom and when.
public struct AcknowledgedHead: Hashable, Sendable, Codable {
  /// How many are remembered, the newest.
  static let most = 1_000

  public var head: ContentID
  public var reason: String
  public var by: String
  public var at: Timestamp
}

extension EnvironmentState {
  mutating func apply(_ known: Acknowledged, by initiator: Initiator, at time: Timestamp) {
    acknowledged.removeAll { $0.head == known.head }
    acknowledged.append(AcknowledgedHead(head: known.head, reason: known.reason, by: initiator.description, at: time))
    acknowledged = acknowledged.suffix(AcknowledgedHead.most)
  }

  /// Whether a person knows of it.
  public func acknowledges(_ head: ContentID) -> Bool { acknowledged.contains { $0.head == head } }
}
