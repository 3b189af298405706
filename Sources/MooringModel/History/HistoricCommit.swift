/// A commit as history shows it.
public struct HistoricCommit: Hashable, Sendable, Encodable {
  public struct Person: Hashable, Sendable, Encodable {
    public var name: String
    public var email: String

    public init(name: String, email: String) {
      self.name = name
      self.email = email
    }
  }

  public struct Trailer: Hashable, Sendable, Encodable {
    public var key: String
    public var value: String

    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  public var revision: Revision
  public var author: Person
  public var authored: Timestamp
  public var committer: Person
  public var committed: Timestamp
  /// The first line of its message.
  public var summary: String
  /// `Reviewed-by`, `Co-authored-by` and whatever else stands at the end of its message.
  public var trailers: [Trailer]
  /// `#12` or `group/project!12`, where its message names the request by which it was merged: see ``PullRequestMention``.
  public var pullRequest: String?
  public var isMerge: Bool
  /// Whether it carries a signature; whose, only a release's `signature` says.
  public var isSigned: Bool

  public init(
    revision: Revision, author: Person, authored: Timestamp, committer: Person, committed: Timestamp, summary: String,
    trailers: [Trailer], pullRequest: String?, isMerge: Bool, isSigned: Bool
  ) {
    self.revision = revision
    self.author = author
    self.authored = authored
    self.committer = committer
    self.committed = committed
    self.summary = summary
    self.trailers = trailers
    self.pullRequest = pullRequest
    self.isMerge = isMerge
    self.isSigned = isSigned
  }

  /// Who is said to have reviewed or approved it.
  public var reviewers: [String] {
    trailers.filter { ["reviewed-by", "approved-by", "acked-by"].contains($0.key.lowercased()) }.map(\.value)
  }
}
