/// A drift as the environment's state remembers it: enough to know it again, and to say in a line what it is.
public struct OpenDrift: Hashable, Sendable, Codable {
  /// What is under way with it.
  public enum Fate: Hashable, Sendable, Codable {
    case open
    /// A deployment is putting it back, or has just done so.
    case healing(since: Timestamp)
    /// It is on a branch; what is live stays as it is until that is deployed.
    case adopted
    /// A deployment, or a rollback, has gone over the place.
    case overtaken(since: Timestamp)
  }

  /// How long after a deployment what is gone counts as its doing: the look follows at once, and then nothing is left
  /// to tell apart.
  static let aftermath = Duration.seconds(300)

  public var id: Identifier
  public var kind: Difference.Kind
  public var fingerprint: String
  public var summary: String
  public var changesValues: Bool
  public var attribution: Attribution?
  public var since: Timestamp
  public var fate: Fate

  public init(_ drift: Drift, since: Timestamp) {
    id = drift.id
    kind = drift.difference.kind
    fingerprint = drift.difference.fingerprint
    summary = String(drift.difference.summary.prefix(200))
    changesValues = drift.difference.changesValues
    attribution = drift.attribution
    self.since = since
    fate = .open
  }

  /// Whether it is still to be settled.
  public var isOpen: Bool { fate != .adopted }

  /// How it ended, when it is gone now.
  func end(at now: Timestamp) -> DriftResolved.How {
    switch fate {
    case .healing(let since) where now - since < Self.aftermath: .healed
    case .overtaken(let since) where now - since < Self.aftermath: .deployed
    case .open, .healing, .overtaken, .adopted: .undone
    }
  }
}

/// An object, or a field of it, that a person has told Mooring not to judge.
public struct IgnoredObject: Hashable, Sendable, Codable {
  public var ignored: DriftIgnored
  public var initiator: Initiator
  public var since: Timestamp

  public func isInForce(at now: Timestamp) -> Bool { ignored.until.map { now < $0 } ?? true }
}

/// How often an object was healed lately.
public struct HealRecord: Hashable, Sendable, Codable {
  /// Heals that are further apart have nothing to do with each other.
  static let memory = Duration.seconds(3600)
  /// After so many an object isn't healed by itself any more, until it was left alone for an hour.
  static let most = 6

  public var count: Int
  public var last: Timestamp

  func isRecent(at now: Timestamp) -> Bool { now - last < Self.memory }

  /// 10 s after the first heal, then 40 s, 160 s, 640 s, …; `nil` where it isn't healed any more.
  var next: Timestamp? {
    count >= Self.most ? nil : last.advanced(by: .seconds(10 << (2 * min(count - 1, 5))))
  }
}
