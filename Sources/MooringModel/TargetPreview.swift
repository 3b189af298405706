/// What a deployment of a release would change at a target, as the target itself says.
public struct TargetPreview: Sendable, Hashable {
  /// By name. An object that stays as it is isn't among them.
  public var objects: [ObjectPreview]
  /// Why the deployment as a whole would be refused.
  public var problem: Fault?

  public init(objects: [ObjectPreview], problem: Fault? = nil) {
    self.objects = objects
    self.problem = problem
  }
}

/// What a deployment would do to one object.
public struct ObjectPreview: Sendable, Hashable {
  public enum Action: String, Sendable, Codable {
    case create, change, delete
    /// Deleted and made again, since a field of it can't be changed.
    case replace
    /// The release no longer has it, and it stays all the same.
    case keep
    /// A hook is run.
    case run
    /// The target would refuse it, and the deployment with it.
    case refuse
    /// It was changed by hand, and isn't what the deployment changes.
    case drift
  }

  public var object: ObjectName
  public var action: Action
  /// Where the release has it.
  public var origin: ObjectOrigin?
  /// The fields before and after, as JSON; `nil` where only the action is to be told. Secrets may be in them.
  public var before: [UInt8]?
  public var after: [UInt8]?
  /// Why, where the action doesn't say it.
  public var reason: String?
  public var remedy: String?
  /// Who changed by hand what differs.
  public var by: Attribution?

  public init(
    _ object: ObjectName, _ action: Action, origin: ObjectOrigin? = nil, before: [UInt8]? = nil, after: [UInt8]? = nil,
    reason: String? = nil, remedy: String? = nil, by: Attribution? = nil
  ) {
    self.object = object
    self.action = action
    self.origin = origin
    self.before = before
    self.after = after
    self.reason = reason
    self.remedy = remedy
    self.by = by
  }
}
