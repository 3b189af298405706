import Git
import MooringModel
import Synchronization

/// Says who signed a commit, as far as the configured keys can prove it, and remembers for a while what it found.
///
/// A verdict is remembered by the commit and by the contents of all keys: when a file of keys changes, the next question
/// is answered anew. What could not be found out is not remembered.
public final class CommitVerifier: Sendable {
  /// How long a verdict is good: OpenPGP keys expire while we watch.
  static let memory = Duration.seconds(300)
  /// Verdicts beyond this many make room for new ones, all at once.
  static let mostVerdicts = 20_000

  private struct Question: Hashable {
    var commit: ObjectID
    var keys: ObjectID
  }
  private struct Known {
    var signature: ReleaseSignature
    var until: ContinuousClock.Instant
  }
  private let known = Mutex<[Question: Known]>([:])

  init() {}

  /// - Throws: `CancellationError` only: what goes wrong is the verdict `unverifiable`.
  func verify(
    _ commit: ObjectID, in repository: Repository, under policy: VerificationPolicy
  ) async throws -> ReleaseSignature {
    do {
      let keys = try KeyFiles(of: policy)
      let question = Question(commit: commit, keys: keys.digest)
      if let known = recall(question) { return known }
      let found = try await verify(commit, in: repository, with: keys)
      let verdict = Self.narrowed(found, to: policy.identities)
      remember(verdict, of: question)
      return verdict
    } catch let error as CancellationError {
      throw error
    } catch {
      return ReleaseSignature(.unverifiable, reason: "\(error)")
    }
  }

  private func verify(
    _ commit: ObjectID, in repository: Repository, with keys: KeyFiles
  ) async throws -> ReleaseSignature {
    let signature: CommitSignature?
    do {
      signature = try repository.signature(of: commit)
    } catch let error where error.code == .invalid {
      return ReleaseSignature(.bad, reason: error.message)
    }
    guard let signature else { return ReleaseSignature(.unsigned) }
    switch signature.kind {
    case .ssh:
      let time = try repository.commit(commit).committer.seconds
      return try await SSHVerification(keys: keys).verify(signature, at: time)
    case .openPGP: return try await OpenPGPVerification(keys: keys).verify(signature)
    }
  }

  private static func narrowed(_ signature: ReleaseSignature, to identities: [String]) -> ReleaseSignature {
    guard signature.verdict == .good, !identities.isEmpty else { return signature }
    // A user id of OpenPGP is what its owner wrote into it; the configuration's word for a key is its fingerprint.
    let names = [signature.fingerprint, signature.kind == .ssh ? signature.signer : nil].compactMap { $0 }
    guard !names.contains(where: identities.contains) else { return signature }
    var refused = signature
    refused.verdict = .unknownSigner
    refused.reason = "\(signature.signer ?? "the signer") is not among `identities`"
    return refused
  }

  private func recall(_ question: Question) -> ReleaseSignature? {
    known.withLock { known in
      guard let found = known[question], found.until > .now else { return nil }
      return found.signature
    }
  }

  private func remember(_ signature: ReleaseSignature, of question: Question) {
    known.withLock { known in
      if known.count >= Self.mostVerdicts { known.removeAll() }
      known[question] = Known(signature: signature, until: .now + Self.memory)
    }
  }
}
