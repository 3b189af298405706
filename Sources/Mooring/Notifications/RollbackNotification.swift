import MooringModel

/// What is told of a rollback, and of a revert that isn't on the branch yet.
enum RollbackNotification {
  static func of(_ event: Event) -> Notification? {
    switch event.payload {
    case .rollbackStarted(let started): Notification(event, .rollback, .warning).about([started.rollback])
    case .rollbackFinished(let finished): ended(event, finished)
    case .rollbackRehearsed(let rehearsed): Notification(event, .rollback, .critical).about([rehearsed.rollback])
    case .verdict(let given): judged(event, given)
    case .revertOwed(let owed): subject(Notification(event, .rollback, .warning), owed.commit, \.about)
    case .revertPushed(let pushed): subject(Notification(event, .rollback, .info), pushed.commit, \.resolves)
    case .revertProposed(let proposed): subject(Notification(event, .rollback, .info), proposed.commit, \.about)
    case .revertDeclined(let declined): subject(Notification(event, .rollback, .critical), declined.commit, \.about)
    case .requestSettled(let settled): settled.problem == nil ? nil : Notification(event, .rollback, .warning)
    default: nil
    }
  }

  private static func ended(_ event: Event, _ finished: RollbackFinished) -> Notification {
    guard finished.outcome == .verified else {
      return Notification(event, .rollback, .critical).about([finished.rollback])
    }
    return Notification(event, .rollback, finished.pushed ? .info : .warning).resolving([finished.rollback])
  }

  /// That it helped, or can't be said, is good to know; that it didn't is for somebody to act on.
  private static func judged(_ event: Event, _ given: VerdictGiven) -> Notification {
    let helped = given.verdict == .recovered || given.verdict == .notEnoughData
    return Notification(event, .rollback, helped ? .info : .critical).about([given.rollback])
  }

  /// A revert is known by its commit.
  private static func subject(
    _ notification: Notification, _ commit: Revision, _ field: WritableKeyPath<Notification, [String]>
  ) -> Notification {
    var copy = notification
    copy[keyPath: field] = [commit.hex]
    return copy
  }
}
