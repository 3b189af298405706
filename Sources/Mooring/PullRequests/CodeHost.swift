import MooringModel

/// A host of code that takes pull requests: what Mooring asks of GitHub, GitLab and Gitea, and nothing more.
protocol CodeHost: Sendable {
  /// The pull request of a branch, the open one before one that is over; `nil` where there is none.
  func find(_ branch: String, into base: String) async throws -> CodeReview?
  /// - Throws: `Fault`; `.conflict` where there is one already.
  func propose(_ proposal: Proposal) async throws -> CodeReview
  func review(_ number: Int) async throws -> CodeReview
  /// Asks to merge it as soon as the host's own rules are met; at once, where they are.
  ///
  /// - Throws: `Fault` where the host will not.
  func mergeWhenReady(_ review: CodeReview) async throws
  /// Closes it unmerged.
  func close(_ review: CodeReview) async throws
  /// Says something in it, in Markdown.
  func comment(_ text: String, on review: CodeReview) async throws
  /// Deletes a branch.
  ///
  /// - Throws: `Fault`; `.notFound` where there is none of that name.
  func delete(_ branch: String) async throws
}

/// What is to be proposed.
struct Proposal {
  var branch: String
  var base: String
  var title: String
  var body: String
}

/// A pull request as its host says it is.
struct CodeReview: Hashable {
  enum State: Hashable {
    case open
    /// As this commit of the branch, where the host says which.
    case merged(String?)
    case closed
  }

  var number: Int
  var url: String
  /// What it asks to merge.
  var branch: String
  var state: State
  /// The tip of its branch, which alone may be merged.
  var head: String
  /// What GitHub's other API calls it.
  var node: String?
  /// Whether the host is going to merge it by itself.
  var isScheduled: Bool
}
