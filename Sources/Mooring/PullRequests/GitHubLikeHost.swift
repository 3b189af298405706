import Documents
import MooringModel
import NIOHTTP1

/// What GitHub and Gitea, which follows it, have in common: paths and fields of pull requests.
protocol GitHubLikeHost: CodeHost {
  static var headers: [(String, String)] { get }
  var client: CodeHostClient { get }
}

extension GitHubLikeHost {
  var options: PullRequestOptions { client.options }
  var pulls: String { "/repos/\(options.project)/pulls" }

  func propose(_ proposal: Proposal) async throws -> CodeReview {
    let answer = try await client.ask(
      .POST, pulls,
      .object([
        "title": .text(proposal.title), "body": .text(proposal.body), "head": .text(proposal.branch),
        "base": .text(proposal.base),
      ]), headers: Self.headers)
    return try review(answer.root)
  }

  func review(_ number: Int) async throws -> CodeReview {
    try review(try await client.ask(.GET, "\(pulls)/\(number)", headers: Self.headers).root)
  }

  func close(_ review: CodeReview) async throws {
    _ = try await client.ask(
      .PATCH, "\(pulls)/\(review.number)", .object(["state": .text("closed")]), headers: Self.headers)
  }

  /// Beside no line of it, a comment is one of the issue that every pull request is.
  func comment(_ text: String, on review: CodeReview) async throws {
    _ = try await client.ask(
      .POST, "/repos/\(options.project)/issues/\(review.number)/comments", .object(["body": .text(text)]),
      headers: Self.headers)
  }

  /// Gitea has no `node_id` and no `auto_merge`.
  func review(_ node: Node?) throws -> CodeReview {
    guard let node, let number = node["number"]?.scalar?.intValue.flatMap(Int.init(exactly:)),
      let state = node["state"]?.scalar?.stringValue
    else { throw client.malformed("`number` and `state`") }
    // GitHub's list tells merged ones by their time alone.
    let isMerged = node["merged"]?.scalar?.boolValue == true || node["merged_at"]?.scalar?.stringValue != nil
    return CodeReview(
      number: number, url: URLText.shown(node["html_url"]), branch: node["head"]?["ref"]?.scalar?.stringValue ?? "",
      state: isMerged ? .merged(node["merge_commit_sha"]?.scalar?.stringValue) : state == "open" ? .open : .closed,
      head: node["head"]?["sha"]?.scalar?.stringValue ?? "", node: node["node_id"]?.scalar?.stringValue,
      isScheduled: node["auto_merge"]?.kind == .mapping)
  }
}
