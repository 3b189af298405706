import Git
import Glibc
import MooringModel

/// Signs commits as `git commit -S` does: by the real `ssh-keygen -Y sign`, in the namespace `git`, or by the real `gpg`.
public struct CommitSigner: Sendable, Hashable {
  public enum Key: Sendable, Hashable {
    /// A private key without a passphrase.
    case ssh(String)
    /// A key without a passphrase of a keyring, as gpg names keys; the keyring's folder, where it isn't the user's.
    case openPGP(String, home: String?)
  }

  public var key: Key

  public init(_ key: Key) { self.key = key }

  /// A commit's bytes with a signature of them.
  ///
  /// - Throws: `Fault`, which says nothing of the key's content.
  func signed(_ commit: [UInt8]) async throws -> [UInt8] {
    let folder = try PrivateFolder()
    let answer: VerificationProgram.Answer
    do {
      answer = try await program.run(arguments, in: folder.path, input: commit)
    } catch let fault as Fault {
      throw self.fault(fault.what)
    }
    guard answer.succeeded, answer.lines.first?.hasPrefix("-----BEGIN ") == true else {
      throw fault(answer.complaint.isEmpty ? "\(program.name) made no signature" : answer.complaint)
    }
    return Repository.encodeCommit(commit, signature: Array(answer.lines.joined(separator: "\n").utf8))
  }

  private var program: VerificationProgram {
    switch key {
    case .ssh: VerificationProgram(name: "ssh-keygen", package: "openssh-client")
    case .openPGP: VerificationProgram(name: "gpg", package: "gpg")
    }
  }

  private var arguments: [String] {
    switch key {
    case .ssh(let file): ["-Y", "sign", "-n", "git", "-f", file]
    case .openPGP(let key, let home):
      [
        "--batch", "--no-tty", "--pinentry-mode", "error", "--homedir", home ?? Self.home, "--local-user", key,
        "--armor",
        "--detach-sign", "--output", "-",
      ]
    }
  }

  private static var home: String { (getenv("HOME").map { String(cString: $0) } ?? "") + "/.gnupg" }

  private func fault(_ why: String) -> Fault {
    let place =
      switch key {
      case .ssh(let file): file
      case .openPGP(let key, _): key
      }
    return Fault(
      .program, "a revert can't be signed: \(why)", at: place,
      remedy: "see that the key is there, readable by Mooring alone, and asks for no passphrase")
  }
}

extension RevertMaker.Made {
  /// The same with its commit signed, under the id that this gives it. A key that fails doesn't keep production from being
  /// taken back: the commit stays as it is, and the failure is told.
  mutating func sign(by signer: CommitSigner?, in git: Repository) async throws {
    guard let signer, let made = revert.revert, let place = objects.lastIndex(where: { $0.kind == .commit }) else {
      return
    }
    do {
      let commit = RawObject(kind: .commit, bytes: try await signer.signed(objects[place].bytes))
      try git.write([commit])
      objects[place] = commit
      let id = try commit.id.content
      revert.to.revision = id
      revert.revert = RevertCommit(commit: id, on: made.on)
    } catch let fault as Fault {
      revert.unsigned = fault
    }
  }
}
