import Git
import MooringModel

/// Puts owed reverts on what the branch has become, in memory.
struct Replay {
  let repository: Repository

  struct Replayed {
    var original: ObjectID
    /// The same commit where the branch hasn't moved; the base where the branch has undone it by itself.
    var landed: ObjectID
  }

  enum Outcome {
    case replayed([Replayed])
    case conflicts([Conflict])
  }

  func replay(_ reverts: [RevertCommit], on head: ObjectID) throws -> Outcome {
    var base = head
    var replayed: [Replayed] = []
    for revert in reverts {
      let original = try revert.commit.object
      let commit = try repository.commit(original)
      var landed = original
      if commit.parents.first != base {
        switch try repository.cherryPick(original, on: base) {
        case .conflicts(let conflicts): return .conflicts(conflicts)
        case .tree(let tree):
          landed =
            try tree == repository.commit(base).tree
            ? base
            : repository.createCommit(
              tree: tree, parents: [base], author: commit.author, committer: commit.committer, message: commit.message)
        }
      }
      replayed.append(Replayed(original: original, landed: landed))
      base = landed
    }
    return .replayed(replayed)
  }
}
