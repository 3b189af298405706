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
    case .unclaimed(let isReplicas): only(unclaimed(isReplicas))
    case .gone: last(writes.filter(\.isDeletion), isOne: isComplete)
    case .made(_, let time): maker(time) ?? change.attribution
    }
  }

  /// Who wrote under the manager's name in the second that the object has recorded. Certain where nobody else has
  /// written under that name: whose the field is would be a guess.
  private func setter(_ manager: String, _ time: Timestamp?, _ isReplicas: Bool) -> Attribution? {
    guard let time else { return nil }
    // Servers before 1.22 don't record who scales, and leave the name of whoever did before.
    let scales = isReplicas ? writes.filter { $0.isScale && $0.received >= time.advanced(by: .seconds(1)) } : []
    if !scales.isEmpty { return only(scales) }
    let named = writes.filter { !$0.isDeletion && $0.manager == manager }
    let fitting = named.filter { $0.covers(second: time) }
    return last(fitting, isOne: isComplete && isOne(named))
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

  private func only(_ candidates: [RecordedWrite]) -> Attribution? {
    last(candidates, isOne: isComplete && isOne(candidates))
  }

  private func last(_ candidates: [RecordedWrite], isOne: Bool) -> Attribution? {
    candidates.max { $0.completed < $1.completed }?.attribution(isOne ? .certain : .likely)
  }

  private func isOne(_ candidates: [RecordedWrite]) -> Bool {
    Set(candidates.map { [$0.event.user.name, $0.event.impersonated?.name] }).count == 1
  }
}
