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
  /// `#123` or `!123`, as the message names it.
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
    pullRequest = values("pull-request", "merge-request").first ?? Self.pullRequest(in: message)
  }

  /// As GitHub, GitLab, Gitea and Bitbucket write it: `Merge pull request #12 from …`, `Title (#12)`,
  /// `See merge request group/project!12`, `Merged in branch (pull request #12)`.
  static func pullRequest(in message: String) -> String? {
    let lines = message.split(whereSeparator: \.isNewline)
    guard let first = lines.first else { return nil }
    if first.hasPrefix("Merge pull request ") || first.hasPrefix("Merged in ") || first.hasSuffix(")"),
      let number = number(after: "#", in: first)
    {
      return "#" + number
    }
    let gitLab = lines.first { $0.hasPrefix("See merge request ") }
    return gitLab.flatMap { number(after: "!", in: $0) }.map { "!" + $0 }
  }

  /// The digits after the last such mark.
  private static func number(after mark: Character, in line: Substring) -> String? {
    guard let place = line.lastIndex(of: mark) else { return nil }
    let digits = line[line.index(after: place)...].prefix { ("0"..."9").contains($0) }
    return (1...12).contains(digits.count) ? String(digits) : nil
  }
}
