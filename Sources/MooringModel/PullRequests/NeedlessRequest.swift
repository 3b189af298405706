/// A pull request of ours that no revert waits in any more: it was merged, or became needless.
public struct NeedlessRequest: Hashable, Sendable, Codable {
  public var rollback: Identifier?
  public var request: PullRequest
  /// Why nothing waits in it.
  public var why: String
  public var since: Timestamp

  public init(rollback: Identifier?, request: PullRequest, why: String, since: Timestamp) {
    self.rollback = rollback
    self.request = request
    self.why = why
    self.since = since
  }
}

/// A needless pull request was put away, as far as its host lets us.
public struct RequestSettled: Hashable, Sendable, Codable {
  public var rollback: Identifier?
  public var request: PullRequest
  /// Why nothing waits in it.
  public var why: String
  /// It stood open, and was closed.
  public var closed: Bool
  /// Its branch was deleted.
  public var deleted: Bool
  /// What could not be done.
  public var problem: String?

  public init(
    _ needless: NeedlessRequest, closed: Bool = false, deleted: Bool = false, problem: String? = nil
  ) {
    rollback = needless.rollback
    request = needless.request
    why = needless.why
    self.closed = closed
    self.deleted = deleted
    self.problem = problem
  }
}

extension EnvironmentState {
  /// How many are remembered.
  static let mostNeedless = 50

  /// What waits in a pull request no longer does.
  mutating func leave(_ reverts: [OwedRevert], why: String, at time: Timestamp) {
    for revert in reverts {
      guard let request = revert.request, !owed.contains(where: { $0.request?.number == request.number }),
        !needless.contains(where: { $0.request.number == request.number })
      else { continue }
      needless.append(NeedlessRequest(rollback: revert.rollback, request: request, why: why, since: time))
    }
    needless = needless.suffix(Self.mostNeedless)
  }

  /// A revert waits in a pull request: in another one than before, perhaps.
  mutating func propose(_ request: PullRequest, isDeclined: Bool, of commit: Revision, at time: Timestamp) {
    guard let index = owed.firstIndex(where: { $0.revert.commit == commit }) else { return }
    let before = owed[index]
    owed[index].request = request
    owed[index].isDeclined = isDeclined
    needless.removeAll { $0.request.number == request.number }
    if before.request?.number != request.number {
      leave([before], why: "pull request #\(request.number) has it too", at: time)
    }
  }

  /// The reverts of a release that wait in a pull request.
  func proposedReverts(of digest: ReleaseDigest) -> [OwedRevert] {
    guard let rollback = quarantine.entry(blocking: digest)?.rollback else { return [] }
    return owed.filter { $0.rollback == rollback && $0.request != nil }
  }

  /// A person lets a release in again: the revert of it that waits for a review isn't wanted any more.
  mutating func withdraw(revertOf lifted: QuarantineLifted, at time: Timestamp) {
    let withdrawn = proposedReverts(of: lifted.digest)
    owed.removeAll { revert in withdrawn.contains { $0.revert.commit == revert.revert.commit } }
    leave(withdrawn, why: "the release may be deployed again: \(lifted.reason)", at: time)
  }
}
