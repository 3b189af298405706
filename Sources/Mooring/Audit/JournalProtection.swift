public import MooringModel

/// How commits of journals are signed: `journal.sign`.
public struct JournalSigning: Sendable, Hashable {
  /// A private Ed25519 key in OpenSSH's format; `nil` where only what others sign is verified.
  public var key: String?
  /// Whose signatures count, in the format of ssh-keygen(1), ALLOWED SIGNERS; `nil` for those of the key alone.
  public var allowedSigners: String?
  /// Keys that don't count any more.
  public var revokedKeys: String?
  /// Events from this time on have to be signed; `nil` for all.
  public var since: Timestamp?

  public init(
    key: String? = nil, allowedSigners: String? = nil, revokedKeys: String? = nil, since: Timestamp? = nil
  ) {
    self.key = key
    self.allowedSigners = allowedSigners
    self.revokedKeys = revokedKeys
    self.since = since
  }
}

/// Who time-stamps heads of journals (RFC 3161): `journal.timestamp`.
public struct JournalTimestamps: Sendable, Hashable {
  public var url: String
  /// The authorities that the time-stamps have to lead to, in PEM.
  public var authorities: String
  public var every: Duration
  /// How long one request may take.
  public var timeout: Duration
  /// Whether it may be a link-local address.
  public var allowsLinkLocal: Bool
  /// Events from this time on have to be covered by a time-stamp; `nil` for all.
  public var since: Timestamp?

  public init(
    url: String, authorities: String, every: Duration = .seconds(86_400), timeout: Duration = .seconds(30),
    allowsLinkLocal: Bool = false, since: Timestamp? = nil
  ) {
    self.url = url
    self.authorities = authorities
    self.every = every
    self.timeout = timeout
    self.allowsLinkLocal = allowsLinkLocal
    self.since = since
  }
}
