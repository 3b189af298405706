import Git
import MooringModel

/// Verifies SSH signatures as `git verify-commit` does: by `ssh-keygen -Y`, in the namespace `git`, at the committer's
/// time.
///
/// ssh-keygen(1) decides on the allowed signers' validity times, namespaces, certificate authorities, and on revocation;
/// its exit status alone makes a signature good, and what it prints only explains.
struct SSHVerification {
  /// Signers beyond this many of one key are not tried.
  private static let mostPrincipals = 64

  let keys: KeyFiles
  private let program = VerificationProgram(name: "ssh-keygen", package: "openssh-client")

  init(keys: KeyFiles) { self.keys = keys }

  private struct Files {
    let folder: PrivateFolder
    let signature: String
    let allowed: String
    let revoked: String?
    /// `-Overify-time=…`
    let time: String
  }

  /// - Parameter time: The committer's, in seconds since 1970.
  func verify(_ signature: CommitSignature, at time: Int64) async throws -> ReleaseSignature {
    guard let allowed = keys.allowedSigners else {
      return ReleaseSignature(.unknownSigner, kind: .ssh, reason: "no `sshAllowedSigners` are configured")
    }
    let folder = try PrivateFolder()
    let files = Files(
      folder: folder, signature: try folder.write(signature.armor, to: "signature"),
      allowed: try folder.write(allowed, to: "allowed-signers"),
      revoked: try keys.revokedKeys.map { try folder.write($0, to: "revoked-keys") },
      time: "-Overify-time=" + Self.text(of: time))
    let found = try await program.run(
      ["-Y", "find-principals", "-f", files.allowed, "-s", files.signature, files.time], in: folder.path)
    guard found.succeeded else {
      return try await explain(signature, files, said: found.complaint, .unknownSigner)
    }
    return try await verify(signature, files, by: found.lines.prefix(Self.mostPrincipals))
  }

  private func verify(
    _ signature: CommitSignature, _ files: Files, by principals: some Sequence<String>
  ) async throws -> ReleaseSignature {
    var said = "nobody is allowed to sign with this key"
    for principal in principals where !principal.isEmpty {
      let revoked = files.revoked.map { ["-r", $0] } ?? []
      let answer = try await program.run(
        ["-Y", "verify", "-n", "git", "-f", files.allowed, "-I", principal, "-s", files.signature, files.time]
          + revoked, in: files.folder.path, input: signature.payload)
      if answer.succeeded {
        return ReleaseSignature(
          .good, kind: .ssh, signer: principal, fingerprint: Self.fingerprint(in: answer.lines))
      }
      said = answer.complaint
    }
    return try await explain(signature, files, said: said, .bad)
  }

  /// Why a signature isn't good: whether it is sound at all, and by which key.
  private func explain(
    _ signature: CommitSignature, _ files: Files, said: String, _ verdict: SignatureVerdict
  ) async throws -> ReleaseSignature {
    let sound = try await program.run(
      ["-Y", "check-novalidate", "-n", "git", "-s", files.signature], in: files.folder.path, input: signature.payload)
    guard sound.succeeded else {
      return ReleaseSignature(.bad, kind: .ssh, reason: sound.complaint)
    }
    return ReleaseSignature(
      Self.verdict(from: said) ?? verdict, kind: .ssh, fingerprint: Self.fingerprint(in: sound.lines), reason: said)
  }

  /// A name for what ssh-keygen complains of; nothing is accepted or refused by it.
  private static func verdict(from complaint: String) -> SignatureVerdict? {
    let text = complaint.lowercased()
    if text.contains("revoked") { return .revoked }
    return text.contains("expired") || text.contains("not yet valid") ? .expired : nil
  }

  private static func fingerprint(in lines: [String]) -> String? {
    lines.lazy.compactMap { $0.split(separator: " ").last { $0.hasPrefix("SHA256:") } }.first.map(String.init)
  }

  /// `20260301093000Z`. 0 would mean now to ssh-keygen.
  static func text(of seconds: Int64) -> String {
    let time = Timestamp(milliseconds: min(max(seconds, 1), 253_402_300_799) * 1000)
    return time.description.prefix(19).filter(\.isNumber) + "Z"
  }
}
