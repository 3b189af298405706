import Documents
import MooringModel
import NIOHTTP1

/// GitLab, whose pull requests are merge requests.
///
/// Sources: [Merge requests](https://docs.gitlab.com/api/merge_requests/), [notes](https://docs.gitlab.com/api/notes/) and
/// [branches](https://docs.gitlab.com/api/branches/).
struct GitLabHost: CodeHost {
  let client: CodeHostClient

  private static let headers = [("private-token", "{token}")]
  private var project: String { "/projects/\(URLText.encoded(client.options.project))" }
  private var requests: String { project + "/merge_requests" }

  func find(_ branch: String, into base: String) async throws -> CodeReview? {
    let query = "?source_branch=\(URLText.encoded(branch))&target_branch=\(URLText.encoded(base))"
    let answer = try await client.ask(.GET, requests + query, headers: Self.headers)
    guard let root = answer.root, root.kind == .sequence else { throw client.malformed("list of merge requests") }
    let reviews = try root.elements.map(review)
    return reviews.first { $0.state == .open } ?? reviews.first
  }

  func propose(_ proposal: Proposal) async throws -> CodeReview {
    let answer = try await client.ask(
      .POST, requests,
      .object([
        "title": .text(proposal.title), "description": .text(proposal.body), "source_branch": .text(proposal.branch),
        "target_branch": .text(proposal.base), "remove_source_branch": .flag(true),
        "squash": .flag(client.options.method == .squash),
      ]), headers: Self.headers)
    return try review(answer.root)
  }

  func review(_ number: Int) async throws -> CodeReview {
    try review(try await client.ask(.GET, "\(requests)/\(number)", headers: Self.headers).root)
  }

  /// `auto_merge` since 17.11, and what it was called before. Whether a merge or a rebase comes of it is the project's
  /// own setting. Directly after it was made, a merge request isn't ready for this: it is asked again.
  func mergeWhenReady(_ review: CodeReview) async throws {
    _ = try await client.ask(
      .PUT, "\(requests)/\(review.number)/merge",
      .object([
        "auto_merge": .flag(true), "merge_when_pipeline_succeeds": .flag(true), "sha": .text(review.head),
        "squash": .flag(client.options.method == .squash), "should_remove_source_branch": .flag(true),
      ]), headers: Self.headers)
  }

  func close(_ review: CodeReview) async throws {
    _ = try await client.ask(
      .PUT, "\(requests)/\(review.number)", .object(["state_event": .text("close")]), headers: Self.headers)
  }

  func comment(_ text: String, on review: CodeReview) async throws {
    _ = try await client.ask(
      .POST, "\(requests)/\(review.number)/notes", .object(["body": .text(text)]), headers: Self.headers)
  }

  func delete(_ branch: String) async throws {
    _ = try await client.ask(
      .DELETE, "\(project)/repository/branches/\(URLText.encoded(branch))", headers: Self.headers)
  }

  private func review(_ node: Node?) throws -> CodeReview {
    guard let node, let number = node["iid"]?.scalar?.intValue.flatMap(Int.init(exactly:)),
      let state = node["state"]?.scalar?.stringValue
    else { throw client.malformed("`iid` and `state`") }
    let commit = node["merge_commit_sha"]?.scalar?.stringValue ?? node["squash_commit_sha"]?.scalar?.stringValue
    let head = node["sha"]?.scalar?.stringValue
    return CodeReview(
      number: number, url: URLText.shown(node["web_url"]),
      branch: node["source_branch"]?.scalar?.stringValue ?? "",
      // A fast-forward leaves no commit of its own: it is the branch's tip then.
      state: state == "merged" ? .merged(commit ?? head) : state == "closed" ? .closed : .open,
      head: head ?? "", node: nil, isScheduled: node["merge_when_pipeline_succeeds"]?.scalar?.boolValue == true)
  }
}
