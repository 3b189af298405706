import Git
import MooringJournal
import MooringModel

/// Says who signed commits that became no release while somebody asked for signatures, by the keys that `verify` names now.
struct HistorySignatures {
  /// Commits that are asked about at a time, the newest first: each costs processes. The next question goes on.
  private static let mostAsked = 200

  let context: EnvironmentContext
  let index: HistoryIndex

  /// The verdicts on signed commits, as far as they are known.
  ///
  /// - Parameter commits: Oldest first.
  func verdicts(on commits: [Revision]) async throws -> [Revision: ReleaseSignature] {
    let policy = context.configuration.verification
    guard policy.hasKeys, !commits.isEmpty else { return [:] }
    let keys: ObjectID
    do { keys = try KeyFiles(of: policy).digest } catch {
      let why = ReleaseSignature(.unverifiable, reason: "\(error)")
      return Dictionary(commits.map { ($0, why) }) { first, _ in first }
    }
    var found = try index.verdicts(on: commits, by: keys)
    var lasting: [Revision: ReleaseSignature] = [:]
    for commit in commits.reversed().filter({ found[$0] == nil }).prefix(Self.mostAsked) {
      let signature = try await context.verifier.verify(commit.object, in: context.repository.git, under: policy)
      guard signature.verdict != .unverifiable else { continue }
      found[commit] = signature
      // An OpenPGP key expires while nothing else changes.
      if signature.kind == .ssh { lasting[commit] = signature }
    }
    try index.keep(lasting, by: keys)
    return found
  }
}

extension EnvironmentHistory {
  /// Adds who signed what no release says it of.
  func sign(_ entries: inout [HistoryEntry]) async throws {
    guard context.configuration.verification.hasKeys else { return }
    let open = entries.compactMap { $0.signature == nil ? $0.commit : nil }.filter(\.isSigned)
    let verdicts = try await HistorySignatures(context: context, index: index).verdicts(on: open.map(\.revision))
    for place in entries.indices where entries[place].signature == nil {
      entries[place].signature = entries[place].commit.flatMap { verdicts[$0.revision] }
    }
  }
}
