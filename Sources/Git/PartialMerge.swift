/// A merge of trees as far as it goes: where both sides changed the same thing differently, the tree has ours.
public struct PartialMerge: Hashable, Sendable {
  public var tree: ObjectID
  public var conflicts: [Conflict]

  public init(tree: ObjectID, conflicts: [Conflict]) {
    self.tree = tree
    self.conflicts = conflicts
  }
}
