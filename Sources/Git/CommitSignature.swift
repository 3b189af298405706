/// A signature as a commit carries it, and the bytes that it is said to sign. Nothing about it has been verified.
///
/// Format: gitformat-signature, and `parse_buffer_signed_by_header` in Git's commit.c.
public struct CommitSignature: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// SSHSIG, in OpenSSH's armor (PROTOCOL.sshsig).
    case ssh
    /// A detached OpenPGP signature in ASCII armor (RFC 4880, section 6.2).
    case openPGP

    var name: String {
      switch self {
      case .ssh: "SSH SIGNATURE"
      case .openPGP: "PGP SIGNATURE"
      }
    }
  }

  /// More bytes of armor than this are no signature: those of the largest keys and certificates have a tenth of it.
  public static let largest = 64 << 10
  /// A commit object above this many bytes is not searched for a signature.
  public static let largestCommit = 4 << 20

  public var kind: Kind
  /// The armor, with its line feeds.
  public var armor: [UInt8]
  /// The commit object without the signature's header: what was signed.
  public var payload: [UInt8]

  public init(kind: Kind, armor: [UInt8], payload: [UInt8]) {
    self.kind = kind
    self.armor = armor
    self.payload = payload
  }
}
