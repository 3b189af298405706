import Kubernetes
import MooringModel

/// Finds who made a change, among the requests that the API server has told of.
struct ChangeAuthor: Sendable {
  /// All writes of the object since it was last seen as it should be, in the order in which we were told.
  let writes: [RecordedWrite]
  /// Whether we were told of all of them, as far as we can know.
  let isComplete: Bool
  /// Our own field manager, and others of which nothing is said.
  let manager: String
  let ignored: Set<String>

  /// - Returns: `nil` where nothing says who it was.
  func author(of change: ObjectChange) -> Attribution? {
    switch change {
    case .set(let manager, let time, let isReplicas):
      setter(manager, time, isReplicas) ?? change.attribution
    case .unclaimed(let isReplicas): writer(unclaimed(isReplicas), isReplicas)
    case .gone: last(writes.filter(\.isDeletion), isOne: isComplete)
    case .made(_, let time): maker(time) ?? change.attribution
    }
  }

  /// Who wrote last under the manager's name, in the second that the object has recorded or after it: old servers
  /// (1.20) leave the time as it is where only a value changes, and don't record who scales. Certain where nobody else has written
  /// under that name: whose the field is would be a guess.
  private func setter(_ manager: String, _ time: Timestamp?, _ isReplicas: Bool) -> Attribution? {
    guard let time else { return nil }
    let named = writes.filter { !$0.isDeletion && $0.manager == manager }
    let scales = writes.filter { isReplicas && $0.isScale && $0.manager != manager }
    let candidates = (named + scales).filter { $0.completed >= time }
    return last(candidates, isOne: isComplete && (isOne(named + scales) || isScaled(candidates, isReplicas)))
  }

  private func unclaimed(_ isReplicas: Bool) -> [RecordedWrite] {
    writes.filter { write in
      !write.isDeletion && !write.isCreation && (!write.isScale || isReplicas) && !isOurs(write)
        && !ignored.contains(write.manager) && !FieldOwners.isOfCluster(write.manager)
    }
  }

  /// What Mooring itself applied or put back for this environment.
  private func isOurs(_ write: RecordedWrite) -> Bool {
    write.manager == manager && write.event.userAgent.hasPrefix(Cluster.userAgent)
  }

  private func maker(_ time: Timestamp?) -> Attribution? {
    guard let time else { return nil }
    // An object is made once at a time, whatever else was missed.
    return last(writes.filter { $0.isCreation && $0.covers(second: time) }, isOne: true)
  }

  private func writer(_ candidates: [RecordedWrite], _ isReplicas: Bool) -> Attribution? {
    last(candidates, isOne: isComplete && (isOne(candidates) || isScaled(candidates, isReplicas)))
  }

  /// Whoever scales has written the replicas, whoever else wrote something before.
  private func isScaled(_ candidates: [RecordedWrite], _ isReplicas: Bool) -> Bool {
    isReplicas && candidates.max { $0.completed < $1.completed }?.isScale ?? false
  }

  private func last(_ candidates: [RecordedWrite], isOne: Bool) -> Attribution? {
    candidates.max { $0.completed < $1.completed }?.attribution(isOne ? .certain : .likely)
  }

  private func isOne(_ candidates: [RecordedWrite]) -> Bool {
    Set(candidates.map { [$0.event.user.name, $0.event.impersonated?.name] }).count == 1
  }
}
