/// A commit as history shows it: one for all changes that speak of it.
public final class HistoricCommit: Hashable, Sendable, Encodable {
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

  public let revision: Revision
  public let author: Person
  public let authored: Timestamp
  public let committer: Person
  public let committed: Timestamp
  /// The first line of its message.
  public let summary: String
  /// `Reviewed-by`, `Co-authored-by` and whatever else stands at the end of its message.
  public let trailers: [Trailer]
  /// `#12` or `group/project!12`, where its message names the request by which it was merged: see ``PullRequestMention``.
  public let pullRequest: String?
  public let isMerge: Bool
  /// Whether it carries a signature; whose, only a release's `signature` says.
  public let isSigned: Bool

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

  /// The same in other words.
  public func saying(_ summary: String, _ trailers: [Trailer]) -> HistoricCommit {
    HistoricCommit(
      revision: revision, author: author, authored: authored, committer: committer, committed: committed,
      summary: summary, trailers: trailers, pullRequest: pullRequest, isMerge: isMerge, isSigned: isSigned)
  }

  public static func == (a: HistoricCommit, b: HistoricCommit) -> Bool {
    a === b
      || a.revision == b.revision && a.author == b.author && a.authored == b.authored && a.committer == b.committer
        && a.committed == b.committed && a.summary == b.summary && a.trailers == b.trailers
        && a.pullRequest == b.pullRequest && a.isMerge == b.isMerge && a.isSigned == b.isSigned
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(revision) }

  /// Who is said to have written it, too.
  public var coAuthors: [String] {
    trailers.isEmpty ? [] : trailers.filter { $0.key.lowercased() == "co-authored-by" }.map(\.value)
  }

  /// Who is said to have reviewed or approved it.
  public var reviewers: [String] {
    trailers.filter { trailer in
      // The length first: of thousands of commits nearly every other trailer is told by it.
      Self.approvals.contains { $0.utf8.count == trailer.key.utf8.count && $0 == trailer.key.lowercased() }
    }.map(\.value)
  }

  private static let approvals = ["reviewed-by", "approved-by", "acked-by"]

  /// Whether its summary names the request by which it was merged.
  public var namesPullRequest: Bool {
    guard let pullRequest else { return false }
    let (words, name) = (Array(summary.utf8), Array(pullRequest.utf8))
    guard !name.isEmpty, words.count >= name.count else { return name.isEmpty }
    return words.indices.dropLast(name.count - 1).contains { words[$0...].starts(with: name) }
  }
}
