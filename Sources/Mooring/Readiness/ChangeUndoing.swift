import Git
import MooringModel
import Readiness

/// Whether a change can be undone by itself on what its branch has become since, merged as a rollback of commits is.
struct ChangeUndoing {
  let git: Repository
  let environment: EnvironmentConfiguration

  /// What is in the way; nothing where the branch hasn't moved.
  ///
  /// - Parameter tip: The branch, with the change or beside it.
  func obstacles(undoing base: ObjectID?, to head: ObjectID, on tip: ObjectID?) throws -> [Change.Obstacle] {
    guard let base, let tip, try !git.isAncestor(tip, of: head) else { return [] }
    let trees = (base: try git.commit(base).tree, head: try git.commit(head).tree, tip: try git.commit(tip).tree)
    var ours = trees.tip
    if try !git.isAncestor(head, of: tip) {
      guard let fork = try git.mergeBase(head, tip) else { return [] }
      let forked = try inputs(of: git.commit(fork).tree, in: ours)
      switch try merge(base: forked, ours: ours, theirs: inputs(of: trees.head, in: ours)) {
      case .conflicts(let conflicts): return conflicts.map { Self.obstacle($0, "the branch has changed it too since") }
      case .merged(let merged): ours = merged.tree
      }
    }
    switch try merge(base: inputs(of: trees.head, in: ours), ours: ours, theirs: inputs(of: trees.base, in: ours)) {
    case .conflicts(let conflicts):
      return conflicts.map { Self.obstacle($0, "it was changed again since: the change can't be undone by itself") }
    case .merged: return []
    }
  }

  private func merge(base: ObjectID, ours: ObjectID, theirs: ObjectID) throws -> TreeMerge.Outcome {
    try TreeMerge(git: git, secrets: environment.secrets).merge(base: base, ours: ours, theirs: theirs)
  }

  /// An environment has no business with the rest.
  private func inputs(of tree: ObjectID, in other: ObjectID) throws -> ObjectID {
    let paths = environment.definition.paths
    if paths == ["."] { return tree }
    return try git.replacing(entriesAt: paths.map { (path: $0, entry: try git.entry(at: $0, in: tree)) }, in: other)
  }

  private static func obstacle(_ conflict: RevertConflict, _ why: String) -> Change.Obstacle {
    Change.Obstacle(file: conflict.file, field: conflict.field, why: "\(conflict.label): \(why)")
  }
}
