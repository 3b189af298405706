import Git
import MooringJournal
import MooringModel

/// Verifies the signatures of a journal's commits.
///
/// That a signature is one of its commit by an Ed25519 key is computed here. Whether the key counts is for ssh-keygen to
/// say, of its first and its last signature: a key that is valid at both times is valid between them.
struct JournalSignatures {
  let repository: Repository
  let signing: JournalSigning
  private let keys: KeyFiles
  /// Of each key the first and the last commit with a sound signature, by which it is judged.
  private var uses: [[UInt8]: (first: Use, last: Use)] = [:]
  private(set) var signed = 0
  /// Those that needn't be signed for their time.
  private(set) var excused = 0

  private struct Use {
    var commit: ObjectID
    var event: Event?
    var signature: CommitSignature
    var time: Int64
  }

  init(in repository: Repository, _ signing: JournalSigning) throws {
    self.repository = repository
    self.signing = signing
    if signing.allowedSigners == nil, let key = signing.key {
      keys = try KeyFiles(allowedSigners: SSHSigningKey(file: key).allowedSigner, revokedKeys: signing.revokedKeys)
    } else {
      keys = try KeyFiles(
        of: VerificationPolicy(
          .required, sshAllowedSigners: signing.allowedSigners, sshRevokedKeys: signing.revokedKeys))
    }
  }

  /// Looks at one commit of the journal.
  mutating func take(_ commit: ObjectID, _ event: Event?) async throws -> AuditFinding? {
    func finding(_ problem: String) -> AuditFinding {
      AuditFinding(.signature, commit: commit.hex, event: event, problem)
    }
    let signature: CommitSignature?
    do { signature = try repository.signature(of: commit) } catch {
      return finding("its signature can't be read: \(error)")
    }
    guard let signature else {
      if let since = signing.since, let event, event.time < since {
        excused += 1
        return nil
      }
      let remedy = signing.since == nil ? "; if signing began later, say when with `journal.sign.since`" : ""
      return finding("it isn't signed\(remedy)")
    }
    guard signature.kind == .ssh else { return finding("it isn't signed by an SSH key") }
    signed += 1
    let use = Use(
      commit: commit, event: event, signature: signature, time: try repository.commit(commit).committer.seconds)
    // Keys of other kinds are left to ssh-keygen, one by one.
    guard let parsed = SSHSignature(armor: signature.armor) else { return try await judge(use) }
    guard parsed.isSound(of: signature.payload) else { return finding("its signature isn't one of this commit") }
    uses[parsed.publicKey] = (uses[parsed.publicKey]?.first ?? use, use)
    return nil
  }

  /// What is to be said of the keys that were used.
  func finish() async throws -> [AuditFinding] {
    var findings: [AuditFinding] = []
    for use in uses.values {
      let first = try await judge(use.first)
      let last = use.first.commit == use.last.commit ? nil : try await judge(use.last)
      findings += [first, first == nil ? last : nil].compactMap { $0 }
    }
    return findings
  }

  private func judge(_ use: Use) async throws -> AuditFinding? {
    let verdict = try await SSHVerification(keys: keys).verify(use.signature, at: use.time)
    guard verdict.verdict != .good else { return nil }
    return AuditFinding(.signature, commit: use.commit.hex, event: use.event, "it is \(verdict)")
  }
}
