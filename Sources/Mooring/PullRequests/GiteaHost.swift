import Documents
import MooringModel
import NIOHTTP1

/// Gitea, and Forgejo, which keeps its API.
///
/// Source: the [OpenAPI description](https://docs.gitea.com/api/) of `/repos/{owner}/{repo}/pulls`, `/issues/{index}/comments`
/// and `/branches`.
struct GiteaHost: CodeHost {
  let client: CodeHostClient

  private static let headers = [("authorization", "token {token}")]
  private var options: PullRequestOptions { client.options }
  private var pulls: String { "/repos/\(options.project)/pulls" }

  func find(_ branch: String, into base: String) async throws -> CodeReview? {
    do {
      let path = "\(pulls)/\(URLText.encoded(base))/\(URLText.encoded(branch))"
      return try review(try await client.ask(.GET, path, headers: Self.headers).root)
    } catch let fault as Fault where fault.code == .notFound {
      return nil
    }
  }

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

  /// Answers 200 where it was merged, 201 where it will be, 409 where it is scheduled already or has another head.
  func mergeWhenReady(_ review: CodeReview) async throws {
    _ = try await client.ask(
      .POST, "\(pulls)/\(review.number)/merge",
      .object([
        "Do": .text(options.method.rawValue), "merge_when_checks_succeed": .flag(true),
        "head_commit_id": .text(review.head), "delete_branch_after_merge": .flag(true),
      ]), headers: Self.headers)
  }

  func close(_ review: CodeReview) async throws {
    _ = try await client.ask(
      .PATCH, "\(pulls)/\(review.number)", .object(["state": .text("closed")]), headers: Self.headers)
  }

  func comment(_ text: String, on review: CodeReview) async throws {
    _ = try await client.ask(
      .POST, "/repos/\(options.project)/issues/\(review.number)/comments", .object(["body": .text(text)]),
      headers: Self.headers)
  }

  func delete(_ branch: String) async throws {
    _ = try await client.ask(
      .DELETE, "/repos/\(options.project)/branches/\(URLText.encodedPath(branch))", headers: Self.headers)
  }

  private func review(_ node: Node?) throws -> CodeReview {
    guard let node, let number = node["number"]?.scalar?.intValue.flatMap(Int.init(exactly:)),
      let state = node["state"]?.scalar?.stringValue
    else { throw client.malformed("`number` and `state`") }
    let isMerged = node["merged"]?.scalar?.boolValue == true
    return CodeReview(
      number: number, url: URLText.shown(node["html_url"]), branch: node["head"]?["ref"]?.scalar?.stringValue ?? "",
      state: isMerged
        ? .merged(node["merge_commit_sha"]?.scalar?.stringValue) : state == "open" ? .open : .closed,
      head: node["head"]?["sha"]?.scalar?.stringValue ?? "", node: nil, isScheduled: false)
  }
}
