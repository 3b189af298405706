/// A revision and digest that automation must not deploy again, because it was rolled back.
public struct QuarantineEntry: Hashable, Sendable, Codable {
  public var revision: Revision
  public var digest: ReleaseDigest
  public var number: ReleaseNumber?
  public var rollback: Identifier
  public var reason: String
  /// Since when; `nil` in journals of before, whose entries don't expire.
  public var at: Timestamp?
  /// What it had changed; `nil` where that isn't known, and only the digest counts.
  public var change: QuarantinedChange?

  public init(
    revision: Revision, digest: ReleaseDigest, number: ReleaseNumber?, rollback: Identifier, reason: String,
    at: Timestamp? = nil, change: QuarantinedChange? = nil
  ) {
    self.revision = revision
    self.digest = digest
    self.number = number
    self.rollback = rollback
    self.reason = reason
    self.at = at
    self.change = change
  }

  /// `v41`, or the revision.
  public var label: String { number?.description ?? revision.short }

  /// Whether it is from so long ago that it blocks nothing any more.
  public func hasExpired(at now: Timestamp, after lifetime: Duration) -> Bool {
    at.map { now - $0 >= lifetime } ?? false
  }
}

/// What a release that was rolled back had changed, for people. What a candidate is compared with are the two trees: the
/// release's own, and that of `against`, both of which the journal keeps.
public struct QuarantinedChange: Hashable, Sendable, Codable {
  /// Fields that one entry lists; `more` counts the rest.
  public static let listed = 50

  public struct Field: Hashable, Sendable, Codable {
    /// The file's path in the release.
    public var file: String
    /// `nil` where the file as a whole, or its text, changed.
    public var change: FieldChange?

    public init(file: String, change: FieldChange? = nil) {
      self.file = file
      self.change = change
    }

    /// On one line.
    public var description: String { change.map { "\(file): \($0)" } ?? file }
  }

  /// The release that was gone back to.
  public var against: ReleaseDigest
  public var fields: [Field]
  /// Images that it brought.
  public var images: [String]
  /// Fields that are not listed.
  public var more: Int

  public init(against: ReleaseDigest, fields: [Field] = [], images: [String] = [], more: Int = 0) {
    self.against = against
    self.fields = fields
    self.images = images
    self.more = more
  }
}

/// A quarantine ends.
public struct QuarantineLifted: Hashable, Sendable, Codable {
  public var digest: ReleaseDigest
  public var reason: String
  /// Whether the revert of it that waits in a pull request isn't wanted any more either; absent where none does.
  public var withdraws: Bool?

  public init(digest: ReleaseDigest, reason: String, withdraws: Bool? = nil) {
    self.digest = digest
    self.reason = reason
    self.withdraws = withdraws
  }
}

/// Automation was kept from deploying a candidate.
public struct QuarantineBlocked: Hashable, Sendable, Codable {
  /// What isn't deployed.
  public var release: ReleaseReference
  /// The entry that stands in its way.
  public var revision: Revision
  public var digest: ReleaseDigest
  public var resemblance: Resemblance
  /// Why, on one line.
  public var reason: String

  public init(release: ReleaseReference, by entry: QuarantineEntry, _ resemblance: Resemblance) {
    self.release = release
    revision = entry.revision
    digest = entry.digest
    self.resemblance = resemblance
    reason =
      "\(release.label) isn't deployed: it \(resemblance) \(entry.label), which was rolled back (\(entry.reason))"
  }

  /// Why, and what to do about it.
  public func message(in environment: String) -> String {
    "\(reason); push a fix, let it pass with `mooring quarantine \(environment) --lift \(revision.short)`, or deploy it"
      + " yourself with `mooring sync \(environment)`"
  }
}
