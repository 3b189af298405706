/// Something that a target's watch has seen happen.
public struct LiveChange: Sendable, Hashable {
  /// What was touched; `nil` where events were lost, and everything has to be looked at.
  public var object: ObjectName?
  /// Who did it; `nil` where the watch can't tell.
  public var by: Attribution?
  /// Whether a program that Mooring itself started did it.
  public var isOurs: Bool
  /// Whether somebody went into it, and changed nothing that is looked at.
  public var isEntry: Bool
  public var at: Timestamp

  public init(object: ObjectName?, by: Attribution? = nil, isOurs: Bool = false, isEntry: Bool = false, at: Timestamp) {
    self.isEntry = isEntry
    self.object = object
    self.by = by
    self.isOurs = isOurs
    self.at = at
  }
}

/// How a target is watched, for `mooring drift --explain` and the log.
public enum WatchMeans: Sendable, Hashable {
  /// Changes are seen with the process that made them.
  case processes
  /// Changes are seen, and objects say which program made them.
  case managers
  /// Changes are seen, and the API server tells who asked for them.
  case requests
  /// Changes are seen, and not who made them; `reason` says why.
  case changes(reason: String)
  /// Only scans; `reason` says why, and what to do.
  case scans(reason: String)
}
