/// What a rollback is about to do; written before it touches production.
public struct RollbackStarted: Hashable, Sendable, Codable {
  public var rollback: Identifier
  public var automatic: Bool
  public var reason: String
  public var from: ReleaseReference?
  /// What production will run.
  public var to: ReleaseReference
  /// Every revision that it undoes, newest first.
  public var undone: [Revision]
  /// The revert commit; `nil` where none could be made and production alone is restored.
  public var revert: RevertCommit?
  /// Whether the release has run before, byte for byte.
  public var ranBefore: Bool

  public init(
    rollback: Identifier, automatic: Bool, reason: String, from: ReleaseReference?, to: ReleaseReference,
    undone: [Revision], revert: RevertCommit?, ranBefore: Bool
  ) {
    self.rollback = rollback
    self.automatic = automatic
    self.reason = reason
    self.from = from
    self.to = to
    self.undone = undone
    self.revert = revert
    self.ranBefore = ranBefore
  }
}

/// What an automatic rollback would have done, where it is only rehearsed.
public struct RollbackRehearsed: Hashable, Sendable, Codable {
  public var rollback: Identifier
  public var reason: String
  public var from: ReleaseReference?
  public var to: ReleaseReference
  /// Every revision that it would have undone, newest first.
  public var undone: [Revision]
  /// Whether the release has run before, byte for byte.
  public var ranBefore: Bool
  /// Why no revert could have been made.
  public var problem: String?

  public init(
    rollback: Identifier, reason: String, from: ReleaseReference?, to: ReleaseReference, undone: [Revision],
    ranBefore: Bool, problem: String? = nil
  ) {
    self.rollback = rollback
    self.reason = reason
    self.from = from
    self.to = to
    self.undone = undone
    self.ranBefore = ranBefore
    self.problem = problem
  }
}

/// A revert commit and the revision that it was made on.
public struct RevertCommit: Hashable, Sendable, Codable {
  public var commit: Revision
  public var on: Revision

  public init(commit: Revision, on: Revision) {
    self.commit = commit
    self.on = on
  }
}

/// A revert commit that reached the remote branch, perhaps replayed on a newer head.
public struct RevertPushed: Hashable, Sendable, Codable {
  public var rollback: Identifier?
  public var commit: Revision
  public var landed: Revision

  public init(rollback: Identifier?, commit: Revision, landed: Revision) {
    self.rollback = rollback
    self.commit = commit
    self.landed = landed
  }
}

/// A revert that couldn't be pushed yet, and why.
public struct RevertOwed: Hashable, Sendable, Codable {
  public var rollback: Identifier?
  public var commit: Revision
  public var why: String

  public init(rollback: Identifier?, commit: Revision, why: String) {
    self.rollback = rollback
    self.commit = commit
    self.why = why
  }
}

/// How a rollback ended.
public struct RollbackFinished: Hashable, Sendable, Codable {
  public enum Outcome: String, Sendable, Codable {
    /// Production runs the release, and its gates hold.
    case verified
    /// Production runs the release, but its gates don't hold.
    case restoredUnverified
    /// It was asked for from a machine that doesn't work on the environment, and whose owner hasn't said more.
    case unconfirmed
    /// Production could not be brought to the release.
    case failed
  }

  public var rollback: Identifier
  public var outcome: Outcome
  /// Whether the revert is on the remote branch.
  public var pushed: Bool
  /// `no change` where the restored release fails too.
  public var verdict: String?
  public var detail: String?
  /// From the start of the rollback to verified production.
  public var milliseconds: Int64

  public init(
    rollback: Identifier, outcome: Outcome, pushed: Bool, verdict: String? = nil, detail: String? = nil,
    milliseconds: Int64
  ) {
    self.rollback = rollback
    self.outcome = outcome
    self.pushed = pushed
    self.verdict = verdict
    self.detail = detail
    self.milliseconds = milliseconds
  }
}
