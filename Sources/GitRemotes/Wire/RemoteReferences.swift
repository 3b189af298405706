public import Git

/// The references of a remote, as it says.
public struct RemoteReferences: Hashable, Sendable {
  /// Those below `refs/`, by name; the names are such as Git allows.
  public var heads: [FetchOutcome.Head] = []
  /// Where its HEAD leads; nil when that isn't anywhere.
  public var head: ObjectID?
  /// The branch that HEAD names, whether or not it exists.
  public var defaultBranch: String?

  public init() {}

  /// Where a reference points, HEAD too; nil when there is none of that name. O(number of references).
  public subscript(name: String) -> ObjectID? {
    name == "HEAD" ? head : heads.first { $0.name == name }?.id
  }
}
