import Documents
import MooringModel
import NIOHTTP1

/// GitHub, also an Enterprise Server.
///
/// Sources: [REST, pulls](https://docs.github.com/en/rest/pulls/pulls), [comments](https://docs.github.com/en/rest/issues/comments) and
/// [references](https://docs.github.com/en/rest/git/refs) of version 2022-11-28; auto-merge is in the other
/// API alone: [GraphQL, enablePullRequestAutoMerge](https://docs.github.com/en/graphql/reference/mutations).
struct GitHubHost: CodeHost {
  let client: CodeHostClient

  private static let headers = [
    ("authorization", "Bearer {token}"), ("accept", "application/vnd.github+json"),
    ("x-github-api-version", "2022-11-28"),
  ]
  private var options: PullRequestOptions { client.options }
  private var pulls: String { "/repos/\(options.project)/pulls" }

  func find(_ branch: String, into base: String) async throws -> CodeReview? {
    let owner = options.project.prefix { $0 != "/" }
    let query = "?state=all&head=\(URLText.encoded("\(owner):\(branch)"))&base=\(URLText.encoded(base))"
    let answer = try await client.ask(.GET, pulls + query, headers: Self.headers)
    guard let root = answer.root, root.kind == .sequence else { throw client.malformed("list of pull requests") }
    let reviews = try root.elements.map(review)
    return reviews.first { $0.state == .open } ?? reviews.first
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

  /// What is ready already can't be scheduled: it is merged.
  func mergeWhenReady(_ review: CodeReview) async throws {
    guard let node = review.node else { throw client.malformed("`node_id`") }
    let mutation =
      "mutation($id: ID!, $method: PullRequestMergeMethod!) { enablePullRequestAutoMerge(input:"
      + " {pullRequestId: $id, mergeMethod: $method}) { clientMutationId } }"
    let answer = try await client.ask(
      .POST, graphQL,
      .object([
        "query": .text(mutation),
        "variables": .object(["id": .text(node), "method": .text(options.method.rawValue.uppercased())]),
      ]), headers: Self.headers)
    guard let error = answer["errors"]?.elements.first else { return }
    let said = error["message"]?.text ?? "no reason"
    // The one word for it: GraphQL errors have no code of their own.
    guard said.contains("clean status") else {
      throw Fault(.conflict, "auto-merge can't be asked for: \(Notification.plain(said))", at: client.place)
    }
    _ = try await client.ask(
      .PUT, "\(pulls)/\(review.number)/merge",
      .object(["merge_method": .text(options.method.rawValue), "sha": .text(review.head)]), headers: Self.headers)
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

  func delete(_ branch: String) async throws {
    let path = "/repos/\(options.project)/git/refs/heads/\(URLText.encodedPath(branch))"
    do {
      _ = try await client.ask(.DELETE, path, headers: Self.headers)
    } catch let fault as Fault where fault.code == .conflict && fault.what.contains("does not exist") {
      // Answered by 422 and by no 404.
      throw Fault(.notFound, fault.what, at: client.place)
    }
  }

  /// `https://api.github.com/graphql`; of a server beside `/api/v3`.
  private var graphQL: String {
    options.api.hasSuffix("/api/v3") ? options.api.dropLast(2) + "graphql" : options.api + "/graphql"
  }

  private func review(_ node: Node?) throws -> CodeReview {
    guard let node, let number = node["number"]?.scalar?.intValue.flatMap(Int.init(exactly:)),
      let state = node["state"]?.scalar?.stringValue
    else { throw client.malformed("`number` and `state`") }
    // A list tells merged ones by their time alone.
    let isMerged = node["merged"]?.scalar?.boolValue == true || node["merged_at"]?.scalar?.stringValue != nil
    return CodeReview(
      number: number, url: URLText.shown(node["html_url"]), branch: node["head"]?["ref"]?.scalar?.stringValue ?? "",
      state: isMerged ? .merged(node["merge_commit_sha"]?.scalar?.stringValue) : state == "open" ? .open : .closed,
      head: node["head"]?["sha"]?.scalar?.stringValue ?? "", node: node["node_id"]?.scalar?.stringValue,
      isScheduled: node["auto_merge"]?.kind == .mapping)
  }
}
