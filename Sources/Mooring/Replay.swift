import Git
import MooringModel

/// Puts owed reverts on what the branch has become, in memory: as Git would, or by field where only lines are in the way.
/// The same commits on the same head give the same commits.
struct Replay {
  let repository: Repository
  let secrets: SecretRules
  /// Signs what is put on another commit, where that is to be pushed.
  var signer: CommitSigner?

  struct Replayed {
    var original: ObjectID
    /// The same commit where the branch hasn't moved; the base where the branch has undone it by itself.
    var landed: ObjectID
  }

  enum Outcome {
    case replayed([Replayed])
    case conflicts([RevertConflict])
  }

  func replay(_ reverts: [RevertCommit], on head: ObjectID) async throws -> Outcome {
    var base = head
    var replayed: [Replayed] = []
    for revert in reverts {
      let original = try revert.commit.object
      let commit = try repository.commit(original)
      var landed = original
      if commit.parents.first != base {
        switch try merge(commit, on: base) {
        case .conflicts(let conflicts): return .conflicts(conflicts)
        case .merged(let merged):
          let isUndone = try merged.tree == repository.commit(base).tree
          landed = base
          if !isUndone { landed = try await self.commit(merged.tree, on: base, like: commit) }
        }
      }
      replayed.append(Replayed(original: original, landed: landed))
      base = landed
    }
    return .replayed(replayed)
  }

  private func merge(_ revert: Commit, on head: ObjectID) throws -> TreeMerge.Outcome {
    let before = try revert.parents.first.map { try repository.commit($0).tree } ?? repository.writeTree([])
    return try TreeMerge(git: repository, secrets: secrets)
      .merge(base: before, ours: repository.commit(head).tree, theirs: revert.tree)
  }

  /// - Throws: `Fault` where it can't be signed: then it stays owed, and says so.
  private func commit(_ tree: ObjectID, on base: ObjectID, like commit: Commit) async throws -> ObjectID {
    var bytes = Repository.encodeCommit(
      tree: tree, parents: [base], author: commit.author, committer: commit.committer, message: commit.message)
    if let signer { bytes = try await signer.signed(bytes) }
    let object = RawObject(kind: .commit, bytes: bytes)
    try repository.write([object])
    return try object.id
  }
}
