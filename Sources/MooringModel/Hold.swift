/// Automatic deployment and healing are stopped, with a reason.
public struct Hold: Hashable, Sendable, Codable {
  public enum Cause: String, Sendable, Codable {
    case person, historyRewritten, replayConflict, firstReleaseFailed, deploymentFailed, restoredReleaseFailed
    case sharedInputs
    /// A drill couldn't return, or what it returned to doesn't hold its gates any more.
    case drillFailed
    /// Automation has rolled back as often as it may.
    case rollbackBudget
    /// The pull request of a revert was closed without being merged.
    case pullRequestClosed
  }

  public var cause: Cause
  public var reason: String

  public init(cause: Cause, reason: String) {
    self.cause = cause
    self.reason = reason
  }
}

/// A hold ends.
public struct Resume: Hashable, Sendable, Codable {
  public var reason: String
  public init(reason: String) { self.reason = reason }
}

/// The branch no longer contains what it contained.
public struct HistoryRewritten: Hashable, Sendable, Codable {
  public var was: Revision
  public var now: Revision
  /// Revisions of releases that the branch lost, newest first; the journal keeps them.
  public var vanished: [Revision]

  public init(was: Revision, now: Revision, vanished: [Revision]) {
    self.was = was
    self.now = now
    self.vanished = vanished
  }
}
