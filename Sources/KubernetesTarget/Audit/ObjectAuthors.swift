import Kubernetes
import MooringModel

/// Says who changed an environment's objects: by what the API server tells, where it does, and else by what they say
/// themselves.
struct ObjectAuthors: Sendable {
  let trail: AuditTrail
  let environment: EnvironmentName
  /// Our own field manager.
  let manager: String
  let ignored: Set<String>
  /// As the server calls kinds in paths; empty where nobody tells of requests.
  let resources: [GroupKind: String]
  let times: LookTimes

  /// - Parameter found: How the object is now, `nil` where it is gone.
  func author(of change: ObjectChange, _ reference: ObjectReference, found: LiveObject?) -> Attribution? {
    guard let resource = resources[reference.kind.groupKind] else { return change.attribution }
    let name = ObjectName(reference)
    return trail.author(
      of: AuditKey(reference, resource: resource), name, in: environment,
      since: times.lastOtherwise(name, found: found)
    ) { writes, isComplete in
      ChangeAuthor(writes: writes, isComplete: isComplete, manager: manager, ignored: ignored).author(of: change)
    }
  }
}
