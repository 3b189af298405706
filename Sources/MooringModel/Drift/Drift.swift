/// One object that somebody changed in production, from the moment when it was seen until it is settled.
public struct Drift: Hashable, Sendable, Codable {
  /// The same through the drift's whole life.
  public var id: Identifier
  public var difference: Difference
  /// Who did it; `nil` where nobody saw.
  public var attribution: Attribution?
  /// When it happened, as far as the times in the file system and the events can tell.
  public var changed: Timestamp?

  public init(id: Identifier, difference: Difference, attribution: Attribution? = nil, changed: Timestamp? = nil) {
    self.id = id
    self.difference = difference
    self.attribution = attribution
    self.changed = changed
  }

  public var object: ObjectName { difference.object }
}

/// A time in which nobody watched.
public struct Window: Hashable, Sendable, Codable {
  public var since: Timestamp
  public var until: Timestamp

  public init(since: Timestamp, until: Timestamp) {
    self.since = since
    self.until = until
  }

  /// By which the time of a file lags behind the clock: the kernel stamps files at its last tick.
  static let tick = Duration.milliseconds(10)

  /// Whether a file that has this time was changed in it.
  func covers(_ time: Timestamp) -> Bool { time >= since.advanced(by: .zero - Self.tick) && time <= until }
}

/// Objects were found changed that were not before. At most `DriftDetected.batch` in one event.
public struct DriftDetected: Hashable, Sendable, Codable {
  public static let batch = 500
  /// Bytes of one event's drifts, about: text that JSON escapes may be six times as long, and 4 MiB is an event's limit.
  static let bytes = 512 << 10

  public var drifts: [Drift]
  /// Set where the change happened while nobody watched.
  public var unattended: Window?
  /// The release that production should run.
  public var release: ReleaseReference?

  public init(_ drifts: [Drift], unattended: Window? = nil, release: ReleaseReference?) {
    self.drifts = drifts
    self.unattended = unattended
    self.release = release
  }
}

/// Objects that had been changed were changed again.
public struct DriftChanged: Hashable, Sendable, Codable {
  public var drifts: [Drift]
  public var unattended: Window?

  public init(_ drifts: [Drift], unattended: Window? = nil) {
    self.drifts = drifts
    self.unattended = unattended
  }
}

/// Drifts ended.
public struct DriftResolved: Hashable, Sendable, Codable {
  public enum How: String, Sendable, Codable {
    /// Mooring put it back.
    case healed
    /// It is on the branch now.
    case adopted
    /// It isn't ours to judge, for a time or for good.
    case ignored
    /// Somebody put it back by hand.
    case undone
    /// A deployment or a rollback wrote something else there.
    case deployed
  }

  /// A drift that ended, and whose it was.
  public struct Item: Hashable, Sendable, Codable {
    public var id: Identifier
    public var object: ObjectName

    public init(id: Identifier, object: ObjectName) {
      self.id = id
      self.object = object
    }
  }

  public var drifts: [Item]
  public var how: How
  /// Of an ignored one: until when.
  public var until: Timestamp?
  /// Who put it back by hand, where that was seen.
  public var attribution: Attribution?
  /// The commit of an adoption.
  public var commit: Revision?

  public init(
    _ drifts: [Item], _ how: How, until: Timestamp? = nil, attribution: Attribution? = nil, commit: Revision? = nil
  ) {
    self.drifts = drifts
    self.how = how
    self.until = until
    self.attribution = attribution
    self.commit = commit
  }
}

/// Live values were committed to a branch.
public struct Adopted: Hashable, Sendable, Codable {
  public var commit: Revision
  public var branch: String
  public var objects: [ObjectName]

  public init(commit: Revision, branch: String, objects: [ObjectName]) {
    self.commit = commit
    self.branch = branch
    self.objects = objects
  }
}

/// From now on nothing is said of an object, or of one field of it.
public struct DriftIgnored: Hashable, Sendable, Codable {
  public var object: ObjectName
  /// A field's path, or an attribute; `nil` for the whole object.
  public var field: String?
  public var until: Timestamp?
  public var reason: String?

  public init(object: ObjectName, field: String?, until: Timestamp?, reason: String?) {
    self.object = object
    self.field = field
    self.until = until
    self.reason = reason
  }
}

/// Somebody undoes what Mooring heals, again and again.
public struct DriftFought: Hashable, Sendable, Codable {
  public var object: ObjectName
  /// The drift that it is about now: each heal ends one, and the next change begins another.
  public var drift: Identifier?
  /// With whom, where that is known.
  public var attribution: Attribution?
  public var heals: Int
  /// When it is healed again; `nil` where it isn't any more.
  public var next: Timestamp?

  public init(
    object: ObjectName, drift: Identifier? = nil, attribution: Attribution?, heals: Int, next: Timestamp?
  ) {
    self.object = object
    self.drift = drift
    self.attribution = attribution
    self.heals = heals
    self.next = next
  }
}
