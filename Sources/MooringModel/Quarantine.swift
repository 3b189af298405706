/// A revision and digest that automation must not deploy again, because it was rolled back.
public struct QuarantineEntry: Hashable, Sendable, Codable {
  public var revision: Revision
  public var digest: ReleaseDigest
  public var number: ReleaseNumber?
  public var rollback: Identifier
  public var reason: String

  public init(
    revision: Revision, digest: ReleaseDigest, number: ReleaseNumber?, rollback: Identifier, reason: String
  ) {
    self.revision = revision
    self.digest = digest
    self.number = number
    self.rollback = rollback
    self.reason = reason
  }
}

/// A quarantine ends.
public struct QuarantineLifted: Hashable, Sendable, Codable {
  public var digest: ReleaseDigest
  public var reason: String

  public init(digest: ReleaseDigest, reason: String) {
    self.digest = digest
    self.reason = reason
  }
}

/// All that is in quarantine.
public struct Quarantine: Hashable, Sendable, Codable {
  public var entries: [QuarantineEntry] = []
  public init() {}

  /// The entry that keeps automation from deploying a digest.
  public func entry(blocking digest: ReleaseDigest) -> QuarantineEntry? {
    entries.last { $0.digest == digest }
  }

  mutating func lift(_ digest: ReleaseDigest) { entries.removeAll { $0.digest == digest } }
}

/// Whether automation may deploy a candidate.
public enum Admission: Hashable, Sendable {
  case admitted
  case refused(QuarantineEntry)
}

/// Whether a quarantine lets a candidate pass.
public func admits(_ quarantine: Quarantine, _ candidate: ReleaseDigest) -> Admission {
  quarantine.entry(blocking: candidate).map { .refused($0) } ?? .admitted
}
