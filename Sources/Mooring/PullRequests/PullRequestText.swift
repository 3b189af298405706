import Git
import MooringModel

/// What a pull request for reverts says: what the commits say, and what they change, field by field and without secrets.
struct PullRequestText {
  /// Characters of a title, and of a body: hosts take 65,536.
  static let (longestTitle, longestBody) = (200, 20_000)
  /// Characters of one commit's message that are shown.
  private static let longestMessage = 6000

  let environment: EnvironmentName
  let git: Repository
  let comparison: QuarantineComparison

  func proposal(_ reverts: [RevertCommit], from branch: String, into base: String) throws -> Proposal {
    let commits = try reverts.map { try git.commit($0.commit.object) }
    let title = commits.last?.summary ?? "Revert \(environment)"
    let parts = try commits.map(said) + [changes(commits)]
    let body =
      "Production of `\(environment)` has been taken back already; this brings the branch to what runs there.\n\n"
      + parts.joined(separator: "\n")
    return Proposal(
      branch: branch, base: base, title: Self.cut(Notification.plain(title), Self.longestTitle),
      body: Self.cut(body, Self.longestBody))
  }

  /// The message as it is: indented, so that nothing in it is a link, a mention or a heading.
  private func said(_ commit: Commit) -> String {
    Self.block(Self.cut(commit.message, Self.longestMessage))
  }

  private func changes(_ commits: [Commit]) throws -> String {
    guard let first = commits.first, let last = commits.last, let base = first.parents.first else { return "" }
    let change = try comparison.change(
      of: last.tree.content, against: git.commit(base).tree.content)
    var lines = change.fields.map(\.description)
    if change.more > 0 { lines.append("and \(change.more) more") }
    return lines.isEmpty ? "" : "What it changes:\n\n" + Self.block(lines.joined(separator: "\n"))
  }

  private static func block(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        let plain = Notification.plain(String(line))
        return plain.isEmpty ? "" : "    " + plain
      }.joined(separator: "\n") + "\n"
  }

  private static func cut(_ text: String, _ longest: Int) -> String {
    text.count > longest ? text.prefix(longest - 1) + "…" : text
  }
}
