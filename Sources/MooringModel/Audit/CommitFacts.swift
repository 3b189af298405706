/// What a commit says of who made a change and who agreed to it.
public struct CommitFacts: Hashable, Sendable, Codable {
  /// `Ada Lovelace <ada@example.com>`, as the commit says it.
  public var author: String
  public var committer: String
  /// Of a merge: who wrote what it took in, where they aren't its author; at most ``mostAuthors``.
  public var merged: [String]
  /// `Reviewed-by`, `Acked-by` and `Approved-by`, in the order of the message.
  public var approvedBy: [String]
  /// `Co-authored-by`.
  public var coAuthors: [String]
  /// `#123` or `group/project!123`, as the message names it.
  public var pullRequest: String?

  public static let mostAuthors = 100

  public init(
    author: String, committer: String, merged: [String] = [], message: String, trailers: [(key: String, value: String)]
  ) {
    self.author = author
    self.committer = committer
    self.merged = merged
    func values(_ keys: String...) -> [String] {
      trailers.filter { keys.contains($0.key.lowercased()) }.map(\.value)
    }
    approvedBy = values("reviewed-by", "acked-by", "approved-by")
    coAuthors = values("co-authored-by")
    pullRequest = PullRequestMention.reference(message: message, trailers: trailers)
  }
}
