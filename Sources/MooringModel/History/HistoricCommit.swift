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
  /// `#12` or `group/project!12`, where its message names the request by which it was merged.
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

/// Finds the request by which a commit was merged in what hosts write into messages.
public enum PullRequestMention {
  /// `#12` of `Merge pull request #12 from …` and of `Raise the limit (#12)`; `group/project!12` of GitLab's `See merge
  /// request group/project!12`.
  public static func reference(summary: String, message: String) -> String? {
    let merge = "Merge pull request #"
    if summary.hasPrefix(merge) { return number(summary.dropFirst(merge.count)).map { "#" + $0 } }
    if summary.hasSuffix(")"), let open = summary.lastIndex(of: "(") {
      let inner = summary[summary.index(after: open)...].dropLast()
      if inner.first == "#", let digits = number(inner.dropFirst()), digits.count == inner.count - 1 {
        return "#" + digits
      }
    }
    for line in message.split(whereSeparator: \.isNewline) where line.hasPrefix("See merge request ") {
      let reference = line.dropFirst("See merge request ".count).prefix { !$0.isWhitespace }
      guard let mark = reference.lastIndex(of: "!"), reference.count < 256 else { continue }
      if number(reference[reference.index(after: mark)...]) != nil { return String(reference) }
    }
    return nil
  }

  private static func number(_ text: some StringProtocol) -> String? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    return digits.isEmpty || digits.count > 18 ? nil : String(digits)
  }
}
