/// A time-stamping authority has vouched for the journal as it was: whoever rewrites what came before has to do it before
/// that time, or to leave this out.
///
/// Format of the token: `TimeStampResp` in DER (RFC 3161, 2.4.2), in Base64.
public struct Anchored: Hashable, Sendable, Codable {
  /// The journal's commit that the time-stamp is about.
  public var head: ContentID
  /// The SHA-256 of that commit's bytes (`git cat-file commit HEAD | sha256sum`), in hexadecimal digits.
  public var digest: String
  /// The authority's time.
  public var time: Timestamp
  /// The authority's host.
  public var by: String
  public var token: String

  public init(head: ContentID, digest: String, time: Timestamp, by: String, token: String) {
    self.head = head
    self.digest = digest
    self.time = time
    self.by = by
    self.token = token
  }
}
