import MooringJournal
public import MooringModel

/// What automation must not deploy again in an environment, for `mooring quarantine`.
public struct QuarantineReport: Sendable, Encodable {
  public struct Entry: Sendable, Encodable {
    /// `v41`, or the revision.
    public var release: String
    public var revision: String
    public var digest: String
    public var reason: String
    public var rollback: String
    /// Absent in journals of before; then it doesn't end by itself.
    public var since: Timestamp?
    public var until: Timestamp?
    /// Whether it is so old that it blocks nothing.
    public var expired: Bool
    /// What the release had changed; absent where only the digest counts.
    public var fields: [QuarantinedChange.Field]?
    public var images: [String]?
    public var more: Int?
  }

  public var environment: String
  /// The newest last.
  public var entries: [Entry]
  /// What isn't deployed for it now.
  public var blocked: QuarantineBlocked?
}

extension QuarantineReport {
  public init(_ context: EnvironmentContext) throws {
    let state = try context.head().state
    self.init(
      context.configuration.name, state, for: context.configuration.policy.rollback.quarantineFor,
      at: context.time.now())
  }

  init(_ name: EnvironmentName, _ state: EnvironmentState, for lifetime: Duration, at now: Timestamp) {
    environment = name.string
    entries = state.quarantine.entries.map { entry in
      Entry(
        release: entry.label, revision: entry.revision.hex, digest: entry.digest.hex, reason: entry.reason,
        rollback: entry.rollback.string, since: entry.at, until: entry.at?.advanced(by: lifetime),
        expired: entry.hasExpired(at: now, after: lifetime), fields: entry.change?.fields,
        images: entry.change?.images, more: entry.change?.more)
    }
    blocked = state.blocked
  }
}

extension EnvironmentContext {
  /// The entry of the quarantine that a person means: by the release's number, or by the beginning of a revision or a
  /// digest.
  public func quarantined(_ text: String) throws -> QuarantineEntry {
    let entries = try head().state.quarantine.entries
    let found =
      ReleaseNumber(parsing: text).map { number in entries.filter { $0.number == number } }
      ?? entries.filter { text.count >= 4 && ($0.revision.hex.hasPrefix(text) || $0.digest.hex.hasPrefix(text)) }
    if found.count == 1, let entry = found.first { return entry }
    throw Fault(
      found.isEmpty ? .notFound : .usage,
      found.isEmpty
        ? "nothing in quarantine is \(text.debugDescription)"
        : "\(text.debugDescription) may be \(found.count) of them",
      at: name.string, remedy: "`mooring quarantine \(name)` lists what is; name it by its digest")
  }
}
