/// All that is in quarantine.
public struct Quarantine: Hashable, Sendable, Codable {
  /// How many entries are kept, the newest.
  static let most = 1000

  public var entries: [QuarantineEntry] = []
  public init() {}

  /// The entry of a digest.
  public func entry(blocking digest: ReleaseDigest) -> QuarantineEntry? {
    entries.last { $0.digest == digest }
  }

  /// Entries that count now: older failures trigger nothing.
  public func inForce(at now: Timestamp, for lifetime: Duration) -> [QuarantineEntry] {
    entries.filter { !$0.hasExpired(at: now, after: lifetime) }
  }

  mutating func add(_ entry: QuarantineEntry) {
    lift(entry.digest)
    entries.append(entry)
    if entries.count > Self.most { entries.removeFirst(entries.count - Self.most) }
  }

  mutating func lift(_ digest: ReleaseDigest) { entries.removeAll { $0.digest == digest } }
}

/// What automation would deploy.
public struct Candidate: Hashable, Sendable {
  public var digest: ReleaseDigest
  public var resemblances: Resemblances

  public init(_ digest: ReleaseDigest, _ resemblances: Resemblances = Resemblances()) {
    self.digest = digest
    self.resemblances = resemblances
  }
}

/// Whether automation may deploy a candidate.
public enum Admission: Hashable, Sendable {
  case admitted
  case refused(QuarantineEntry, Resemblance)
  /// It has not been compared with all that is in quarantine.
  case unread
}

/// Whether a quarantine lets a candidate pass.
public func admits(
  _ quarantine: Quarantine, _ candidate: Candidate, at now: Timestamp, for lifetime: Duration
) -> Admission {
  let entries = quarantine.inForce(at: now, for: lifetime)
  if let entry = entries.last(where: { $0.digest == candidate.digest }) { return .refused(entry, Resemblance(.digest)) }
  for entry in entries.reversed() {
    if let found = candidate.resemblances.found[entry.digest] { return .refused(entry, found) }
  }
  let isRead = entries.allSatisfy { $0.change == nil || candidate.resemblances.compared.contains($0.digest) }
  return isRead ? .admitted : .unread
}
