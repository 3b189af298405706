import MooringModel
import NIOHTTP1

/// Gitea, and Forgejo, which keeps its API.
///
/// Source: the [OpenAPI description](https://docs.gitea.com/api/) of `/repos/{owner}/{repo}/pulls`, `/issues/{index}/comments`
/// and `/branches`.
struct GiteaHost: GitHubLikeHost {
  let client: CodeHostClient

  static let headers = [("authorization", "token {token}")]

  func find(_ branch: String, into base: String) async throws -> CodeReview? {
    do {
      let path = "\(pulls)/\(URLText.encoded(base))/\(URLText.encoded(branch))"
      return try review(try await client.ask(.GET, path, headers: Self.headers).root)
    } catch let fault as Fault where fault.code == .notFound {
      return nil
    }
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

  func delete(_ branch: String) async throws {
    _ = try await client.ask(
      .DELETE, "/repos/\(options.project)/branches/\(URLText.encodedPath(branch))", headers: Self.headers)
  }
}
