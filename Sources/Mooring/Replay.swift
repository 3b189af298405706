import Git
import MooringModel

/// Puts owed reverts on what the branch has become, in memory: as Git would, or by field where only lines are in the way.
/// The same commits on the same head give the same commits.
struct Replay {
  let repository: Repository
  let secrets: SecretRules

  struct Replayed {
    var original: ObjectID
    /// The same commit where the branch hasn't moved; the base where the branch has undone it by itself.
    var landed: ObjectID
  }

  enum Outcome {
    case replayed([Replayed])
    case conflicts([RevertConflict])
  }

  func replay(_ reverts: [RevertCommit], on head: ObjectID) throws -> Outcome {
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
          landed =
            try merged.tree == repository.commit(base).tree
            ? base
            : repository.createCommit(
              tree: merged.tree, parents: [base], author: commit.author, committer: commit.committer,
              message: commit.message)
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
}
