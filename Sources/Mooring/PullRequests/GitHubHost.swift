import Documents
import MooringModel
import NIOHTTP1

/// GitHub, also an Enterprise Server.
///
/// Sources: [REST, pulls](https://docs.github.com/en/rest/pulls/pulls), [comments](https://docs.github.com/en/rest/issues/comments) and
/// [references](https://docs.github.com/en/rest/git/refs) of version 2022-11-28; auto-merge is in the other
/// API alone: [GraphQL, enablePullRequestAutoMerge](https://docs.github.com/en/graphql/reference/mutations).
struct GitHubHost: GitHubLikeHost {
  let client: CodeHostClient

  static let headers = [
    ("authorization", "Bearer {token}"), ("accept", "application/vnd.github+json"),
    ("x-github-api-version", "2022-11-28"),
  ]

  func find(_ branch: String, into base: String) async throws -> CodeReview? {
    let owner = options.project.prefix { $0 != "/" }
    let query = "?state=all&head=\(URLText.encoded("\(owner):\(branch)"))&base=\(URLText.encoded(base))"
    let answer = try await client.ask(.GET, pulls + query, headers: Self.headers)
    guard let root = answer.root, root.kind == .sequence else { throw client.malformed("list of pull requests") }
    let reviews = try root.elements.map(review)
    return reviews.first { $0.state == .open } ?? reviews.first
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
}
