/// The exact changes that would bring a target to a release, before anything is touched.
public struct Plan: Sendable, Hashable {
  /// What the target ran when the plan was made; `nil` where it ran nothing.
  public var from: ReleaseDigest?
  public var to: ReleaseDigest
  public var changes: [PathChange]
  public var steps: [Step]
  /// Whether it goes over what somebody changed by hand: a rollback does, and keeps a copy of what it replaces.
  public var overwrites: Bool
  /// Whether it goes back to what ran before, so that nothing it takes away is asked about.
  public var isRollback: Bool
  /// What programs of earlier deployments wrote: nobody's change, and gone over like what Mooring wrote itself.
  public var own: Set<ObjectName>
  /// What of a target's objects isn't ours, and stays as it is.
  public var spared: SparedFields

  public init(
    from: ReleaseDigest?, to: ReleaseDigest, changes: [PathChange], steps: [Step], overwrites: Bool = false,
    isRollback: Bool = false, own: Set<ObjectName> = [], spared: SparedFields = SparedFields()
  ) {
    self.from = from
    self.to = to
    self.changes = changes
    self.steps = steps
    self.overwrites = overwrites
    self.isRollback = isRollback
    self.own = own
    self.spared = spared
  }

  public var isEmpty: Bool { from == to }

  /// The objects that it puts back.
  var restored: [ObjectName] { restorations.map(\.object) }

  /// Of those of which it puts back only fields: which.
  var restoredFields: [ObjectName: [String]] {
    Dictionary(
      restorations.compactMap { one in one.part.map { (one.object, $0.fields) } }, uniquingKeysWith: { $0 + $1 })
  }

  private var restorations: [Restoration] {
    steps.flatMap { step -> [Restoration] in
      if case .restore(let restorations) = step { restorations } else { [] }
    }
  }
}

/// One thing that a deployment does to a target, with what it expects to find.
public enum Step: Sendable, Hashable {
  /// Write the release beside what is live; or verify the one that is there already, and rebuild it where it differs.
  case materialise(ReleaseDigest)
  /// Ask the operator's own check about the written release.
  case validate(ReleaseDigest)
  /// Make it live, if what is live is still `expecting`.
  case activate(ReleaseDigest, expecting: ReleaseDigest?)
  /// Tell the service.
  case reload(ReleaseDigest)
  /// Remove releases beyond those to be kept.
  case retire(keeping: Set<ReleaseDigest>)
  /// Put single objects back as the release has them, each only if it still is as it was seen.
  case restore([Restoration])

  public enum Kind: String, Sendable, Hashable, Codable {
    case materialise, validate, activate, reload, retire, restore
  }

  public var kind: Kind {
    switch self {
    case .materialise: .materialise
    case .validate: .validate
    case .activate: .activate
    case .reload: .reload
    case .retire: .retire
    case .restore: .restore
    }
  }
}

/// A file that a plan adds, changes or removes.
public struct PathChange: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable { case added, changed, removed }

  public var kind: Kind
  public var path: RelativePath
  public var old: ContentID?
  public var new: ContentID?

  public init(kind: Kind, path: RelativePath, old: ContentID? = nil, new: ContentID? = nil) {
    self.kind = kind
    self.path = path
    self.old = old
    self.new = new
  }
}
