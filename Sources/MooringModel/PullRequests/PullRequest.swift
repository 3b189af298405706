/// A pull request (GitLab: a merge request) that asks to bring reverts to the branch.
public struct PullRequest: Hashable, Sendable, Codable, CustomStringConvertible {
  public var number: Int
  /// Where people see it.
  public var url: String
  /// The branch that it asks to merge.
  public var branch: String

  public init(number: Int, url: String, branch: String) {
    self.number = number
    self.url = url
    self.branch = branch
  }

  public var description: String { "pull request #\(number) (\(url))" }
}

/// A revert waits in a pull request.
public struct RevertProposed: Hashable, Sendable, Codable {
  public var rollback: Identifier?
  public var commit: Revision
  public var request: PullRequest

  public init(rollback: Identifier?, commit: Revision, request: PullRequest) {
    self.rollback = rollback
    self.commit = commit
    self.request = request
  }
}

/// The pull request of a revert was closed without being merged.
public struct RevertDeclined: Hashable, Sendable, Codable {
  public var rollback: Identifier?
  public var commit: Revision
  public var request: PullRequest

  public init(rollback: Identifier?, commit: Revision, request: PullRequest) {
    self.rollback = rollback
    self.commit = commit
    self.request = request
  }
}

/// How a pull request stands that isn't merged.
public struct PullRequestNews: Hashable, Sendable {
  public var request: PullRequest
  public var isOpen: Bool
  /// The reverts that wait for it, and why they are still owed.
  public var owed: [RevertOwed]

  public init(_ request: PullRequest, isOpen: Bool, owed: [RevertOwed]) {
    self.request = request
    self.isOpen = isOpen
    self.owed = owed
  }
}
