/// What verifying a commit's signature came to.
public enum SignatureVerdict: String, Hashable, Sendable, Codable, CaseIterable {
  /// Signed by somebody whom the configuration names.
  case good
  /// A revert that this state directory made itself, of which the content was verified before.
  case own
  case unsigned
  /// The signature is sound, and nobody whom the configuration names made it.
  case unknownSigner
  /// The key or the signature had expired, or wasn't valid yet.
  case expired
  case revoked
  /// The signature isn't one of this commit, or not in the form that it must have.
  case bad
  /// It could not be found out: a program or a file of keys is missing, or took too long.
  case unverifiable

  /// Whether policy `required` is content.
  public var isAccepted: Bool { self == .good || self == .own }
}

/// Who signed a release's commit, as far as that was verified.
public struct ReleaseSignature: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable { case ssh, openPGP }

  public var verdict: SignatureVerdict
  public var kind: Kind?
  /// The principal of the allowed signers' file, or the key's first user id; only where a configured key made the
  /// signature.
  public var signer: String?
  /// `SHA256:…` of an SSH key; the primary key's 40 hexadecimal digits of OpenPGP.
  public var fingerprint: String?
  /// Why the verdict isn't good, in one clause.
  public var reason: String?
  /// The commit that it is about, where that is another than the release's own: one of those since the last release.
  public var commit: Revision?

  public init(
    _ verdict: SignatureVerdict, kind: Kind? = nil, signer: String? = nil, fingerprint: String? = nil,
    reason: String? = nil, commit: Revision? = nil
  ) {
    self.verdict = verdict
    self.kind = kind
    self.signer = signer
    self.fingerprint = fingerprint
    self.reason = reason
    self.commit = commit
  }
}

extension ReleaseSignature: CustomStringConvertible {
  /// `signed by ada@example.com (SHA256:…)`, or what is wrong.
  public var description: String {
    let key = fingerprint.map { " (\($0))" } ?? ""
    let place = commit.map { " (commit \($0.short))" } ?? ""
    let why = reason.map { ": \($0)" } ?? ""
    return switch verdict {
    case .good: "signed by \(signer ?? "an allowed signer")\(key)"
    case .own: "a revert of Mooring's own"
    case .unsigned: "unsigned\(place)\(why)"
    case .unknownSigner: "signed by an unknown key\(key)\(place)\(why)"
    case .expired: "signed with a key that is not valid at that time\(key)\(place)\(why)"
    case .revoked: "signed with a revoked key\(key)\(place)\(why)"
    case .bad: "badly signed\(place)\(why)"
    case .unverifiable: "not verified\(place)\(why)"
    }
  }
}
