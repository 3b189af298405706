/// Somebody who can sign commits with the real `git commit -S`.
public struct Signer: Sendable {
  /// `ssh` or `openpgp`, as Git's `gpg.format`.
  public var format: String
  /// The path of an SSH key, or the fingerprint of an OpenPGP key.
  public var key: String
  /// What Git needs in its environment to find the key.
  public var environment: [String: String]
  /// The public key: a line as in `id_ed25519.pub`, or the armored key.
  public var publicKey: String
  /// How verdicts name the key.
  public var fingerprint: String

  var options: [String] { ["-c", "gpg.format=\(format)", "-c", "user.signingkey=\(key)"] }
}
