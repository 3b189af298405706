import Git
import MooringModel

/// Verifies OpenPGP signatures by `gpg`, in a home of its own that holds the configured keys and nothing else: no
/// options, agent, keyserver or key of the user's takes part.
struct OpenPGPVerification {
  let keys: KeyFiles
  private let program = VerificationProgram(name: "gpg", package: "gnupg")

  init(keys: KeyFiles) { self.keys = keys }

  func verify(_ signature: CommitSignature) async throws -> ReleaseSignature {
    guard !keys.openPGPKeys.isEmpty else {
      return ReleaseSignature(.unknownSigner, kind: .openPGP, reason: "no `openPGPKeys` are configured")
    }
    let folder = try PrivateFolder()
    let home = try folder.make("home")
    let options = [
      "--batch", "--no-options", "--no-tty", "--no-autostart", "--no-auto-key-retrieve", "--no-auto-check-trustdb",
      "--trust-model", "always", "--homedir", home, "--status-fd", "1",
    ]
    for (index, bytes) in keys.openPGPKeys.enumerated() {
      let file = try folder.write(bytes, to: "keys-\(index)")
      let answer = try await program.run(options + ["--import", file], in: folder.path)
      guard answer.lines.contains(where: { $0.hasPrefix("[GNUPG:] IMPORT_OK ") }) else {
        throw Fault(
          .configuration, "file \(index + 1) of `openPGPKeys` has no key that can be used: \(answer.complaint)",
          remedy: "export it with `gpg --export --armor`")
      }
    }
    let file = try folder.write(signature.armor, to: "signature.asc")
    let answer = try await program.run(
      options + ["--verify", file, "-"], in: folder.path, input: signature.payload)
    return GPGStatus(answer.lines).verdict(exitedWell: answer.succeeded, complaint: answer.complaint)
  }
}
