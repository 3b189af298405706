extension Deciding {
  /// A pull request stands open, or was closed without being merged: it is said once, and a closed one holds.
  mutating func heard(_ news: PullRequestNews) {
    for owed in news.owed {
      guard let known = state.owed.first(where: { $0.revert.commit == owed.commit }) else { continue }
      if news.isOpen, known.request != news.request || known.isDeclined {
        record(.revertProposed(RevertProposed(rollback: owed.rollback, commit: owed.commit, request: news.request)))
      } else if !news.isOpen, !known.isDeclined {
        record(.revertDeclined(RevertDeclined(rollback: owed.rollback, commit: owed.commit, request: news.request)))
      }
    }
    if news.isOpen {
      liftHoldOfOwed([.pullRequestClosed], "\(news.request) is open again")
    } else if !state.holds.contains(where: { $0.hold.cause == .pullRequestClosed }) {
      hold(
        .pullRequestClosed,
        "\(news.request) was closed without being merged: reopen it, or bring the revert to the branch by hand, or take"
          + " the branch as it is with `mooring resume`")
    }
    notPushed(news.owed)
  }

  /// Holds for what is owed end with their cause, where nothing else holds.
  mutating func liftHoldOfOwed(_ causes: Set<Hold.Cause>, _ reason: String) {
    guard state.isHeld, state.holds.allSatisfy({ causes.contains($0.hold.cause) }) else { return }
    record(.resume(Resume(reason: reason)))
  }

  /// They are told once; somebody else may have been quicker.
  mutating func settled(_ requests: [RequestSettled]) {
    for settled in requests where state.needless.contains(where: { $0.request.number == settled.request.number }) {
      record(.requestSettled(settled))
    }
  }

  /// A person lets a release in again, and with it the revert go that waits for a review, unless it is just being made.
  mutating func lift(_ digest: ReleaseDigest, for reason: String, by initiator: Initiator) {
    let withdraws = state.rollback == nil && !state.proposedReverts(of: digest).isEmpty
    record(
      .quarantineLifted(QuarantineLifted(digest: digest, reason: reason, withdraws: withdraws ? true : nil)),
      by: initiator)
    guard withdraws, state.owed.isEmpty else { return }
    liftHoldOfOwed([.replayConflict, .pullRequestClosed], "no revert is owed any more")
  }
}
