/// What proves that there is a backup before something is destroyed.
public struct BackupPolicy: Hashable, Sendable {
  public enum Proof: Hashable, Sendable {
    /// Its first line is a time in RFC 3339, or it was written then.
    case file(String)
    /// It prints a time in RFC 3339.
    case command([String])
  }

  public var proof: Proof
  /// How old it may be.
  public var within: Duration

  public init(proof: Proof, within: Duration) {
    self.proof = proof
    self.within = within
  }
}
