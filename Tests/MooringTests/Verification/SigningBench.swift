import FoundationEssentials
import Git
import Mooring
import MooringTestSupport

/// A repository, keys to sign its commits with, and files of keys to verify them by.
final class SigningBench: Sendable {
  let keys: SigningKeys
  let fixture: GitFixture

  init() throws {
    keys = try SigningKeys()
    fixture = try GitFixture()
  }

  /// A line of an allowed signers' file.
  static func line(_ signer: Signer, _ options: String = "", as principal: String = "ada@example.com") -> String {
    "\(principal) \(options.isEmpty ? "" : options + " ")\(signer.publicKey)\n"
  }

  func write(_ text: String, to name: String) throws -> String {
    try keys.folder.write(text, to: name)
    return keys.folder[name]
  }

  func allowing(_ lines: String..., revoking revoked: String? = nil) throws -> VerificationPolicy {
    VerificationPolicy(
      .required, sshAllowedSigners: try write(lines.joined(), to: "allowed-signers"),
      sshRevokedKeys: try revoked.map { try write($0 + "\n", to: "revoked-keys") })
  }

  func allowing(openPGP keys: String...) throws -> VerificationPolicy {
    VerificationPolicy(
      .required,
      openPGPKeys: try keys.enumerated().map { try write($1, to: "key-\($0).asc") })
  }

  /// What `git verify-commit` says.
  func gitAccepts(_ commit: ObjectID, _ policy: VerificationPolicy, _ signer: Signer) throws -> Bool {
    var options: [String] = []
    if let file = policy.sshAllowedSigners { options += ["-c", "gpg.ssh.allowedSignersFile=\(file)"] }
    if let file = policy.sshRevokedKeys { options += ["-c", "gpg.ssh.revocationFile=\(file)"] }
    return try fixture.tryGit(options + ["verify-commit", commit.hex], environment: signer.environment).status == 0
  }

  /// The commit with another's signature in place of none.
  func grafted(_ armor: [UInt8], onto commit: ObjectID) throws -> ObjectID {
    let object = String(decoding: try fixture.object(commit), as: UTF8.self)
    let lines = String(decoding: armor.dropLast(), as: UTF8.self).replacing("\n", with: "\n ")
    guard let end = object.firstRange(of: "\n\n") else { return commit }
    let bytes = object[..<end.lowerBound] + "\ngpgsig \(lines)" + object[end.lowerBound...]
    return try fixture.commit(object: Array(bytes.utf8))
  }

  /// The commit with other words in it, and its signature as it was.
  func changed(_ commit: ObjectID, _ old: String, to new: String) throws -> ObjectID {
    let object = String(decoding: try fixture.object(commit), as: UTF8.self)
    return try fixture.commit(object: Array(object.replacing(old, with: new).utf8))
  }
}
