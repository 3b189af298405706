/// What an environment asks of the signatures of its commits: `verify` in the configuration.
public struct VerificationPolicy: Sendable, Hashable {
  public enum Mode: String, Sendable, Hashable, CaseIterable {
    /// A release whose commit doesn't verify is not deployed.
    case required
    /// It is deployed, and said so everywhere.
    case warn
    case off
  }

  public enum Commits: String, Sendable, Hashable, CaseIterable {
    /// The very commit that is deployed.
    case tip
    /// That, and every commit since the release that runs, side branches of merges too.
    case all
  }

  public var mode: Mode
  public var commits: Commits
  /// A file in the format of ssh-keygen(1), ALLOWED SIGNERS.
  public var sshAllowedSigners: String?
  /// A file of public keys, one a line, or a key revocation list, as `ssh-keygen -k` makes it.
  public var sshRevokedKeys: String?
  /// Files of OpenPGP public keys, armored or not.
  public var openPGPKeys: [String]
  /// Of the configured keys only these count: principals, or fingerprints; all of them where it is empty.
  public var identities: [String]

  public init(
    _ mode: Mode = .off, commits: Commits = .tip, sshAllowedSigners: String? = nil, sshRevokedKeys: String? = nil,
    openPGPKeys: [String] = [], identities: [String] = []
  ) {
    self.mode = mode
    self.commits = commits
    self.sshAllowedSigners = sshAllowedSigners
    self.sshRevokedKeys = sshRevokedKeys
    self.openPGPKeys = openPGPKeys
    self.identities = identities
  }

  /// Whether there is any key that could have made a good signature.
  public var hasKeys: Bool { sshAllowedSigners != nil || !openPGPKeys.isEmpty }
}
