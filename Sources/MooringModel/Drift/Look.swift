/// What a look at production found, compared with what Mooring last wrote.
public struct Look: Sendable {
  /// An object that differs, and who made it differ.
  public struct Found: Sendable, Hashable {
    public var difference: Difference
    public var attribution: Attribution?
    public var changed: Timestamp?

    public init(_ difference: Difference, attribution: Attribution? = nil, changed: Timestamp? = nil) {
      self.difference = difference
      self.attribution = attribution
      self.changed = changed
    }
  }

  public var scope: LookScope
  /// The release that it was compared with.
  public var baseline: ReleaseDigest
  /// Sorted by object.
  public var found: [Found]
  /// What could not be looked at, each with what is below it.
  public var unseen: Set<ObjectName>
  /// Set where nobody watched until now.
  public var unattended: Window?
  /// What differs because programs of the operator's wrote it in a deployment.
  public var own: [ObjectName]
  /// Objects of ours that events told of and that are as they should be, and who touched them where that was seen.
  public var touched: [ObjectName: Attribution?]

  public init(
    scope: LookScope, baseline: ReleaseDigest, found: [Found], unseen: Set<ObjectName> = [],
    unattended: Window? = nil, own: [ObjectName] = [], touched: [ObjectName: Attribution?] = [:]
  ) {
    self.own = own
    self.scope = scope
    self.baseline = baseline
    self.found = found
    self.unseen = unseen
    self.unattended = unattended
    self.touched = touched
  }

  /// Whether the look can tell that an object, which it didn't find to differ, doesn't.
  func saw(_ object: ObjectName) -> Bool {
    if object.isInside(anyOf: unseen) { return false }
    return switch scope {
    case .everything: true
    case .objects(let objects): object.isInside(anyOf: objects)
    }
  }
}

/// What is to be looked at, and what is known beforehand.
public struct LookRequest: Sendable {
  public var scope: LookScope
  public var unattended: Window?
  /// What events told: which objects, and by whom where that was seen.
  public var told: [ObjectName: Attribution?]

  public init(
    _ scope: LookScope, unattended: Window? = nil, told: [ObjectName: Attribution?] = [:]
  ) {
    self.scope = scope
    self.unattended = unattended
    self.told = told
  }
}

/// Objects that are to be put back.
public struct HealRequest: Sendable, Hashable {
  /// All drifts where it is `nil`.
  public var objects: Set<ObjectName>?
  /// Of some of them, the fields that are put back; the others are put back as a whole.
  public var fields: [ObjectName: [String]]
  public var initiator: Initiator
  public var despiteHold: Bool
  /// The deployment that had begun before the program stopped.
  public var resuming: Identifier?

  public init(
    _ objects: Set<ObjectName>?, fields: [ObjectName: [String]] = [:], by initiator: Initiator,
    despiteHold: Bool = false, resuming: Identifier? = nil
  ) {
    self.objects = objects
    self.fields = fields
    self.initiator = initiator
    self.despiteHold = despiteHold
    self.resuming = resuming
  }
}

/// Live values that are to be committed to a branch.
public struct AdoptRequest: Sendable, Hashable {
  /// One object, or one field of it.
  public struct Part: Sendable, Hashable {
    public var object: ObjectName
    public var field: String?

    public init(object: ObjectName, field: String? = nil) {
      self.object = object
      self.field = field
    }
  }

  /// Everything that drifted where it is `nil`.
  public var parts: [Part]?
  /// The tracked one where it is `nil`.
  public var branch: String?
  public var message: String?
  public var initiator: Initiator

  public init(_ parts: [Part]?, branch: String? = nil, message: String? = nil, by initiator: Initiator) {
    self.parts = parts
    self.branch = branch
    self.message = message
    self.initiator = initiator
  }
}

/// A commit of live values that is on a branch.
public struct AdoptionMade: Sendable {
  public var request: AdoptRequest
  public var commit: Revision
  public var branch: String
  /// Objects that are adopted whole: nothing of them differs from what the commit says.
  public var objects: [ObjectName]

  public init(request: AdoptRequest, commit: Revision, branch: String, objects: [ObjectName]) {
    self.request = request
    self.commit = commit
    self.branch = branch
    self.objects = objects
  }
}

extension ObjectName {
  /// Whether this is `other` or lies below it.
  public func isInside(_ other: ObjectName) -> Bool {
    self == other || string.utf8.starts(with: (other.string + "/").utf8)
  }

  /// Whether one of them is this or a folder that it lies below; there may be many.
  func isInside(anyOf objects: Set<ObjectName>) -> Bool {
    guard !objects.isEmpty else { return false }
    if objects.contains(self) { return true }
    var folder = string[...]
    while let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) {
      folder = folder[..<slash]
      if objects.contains(ObjectName(written: String(folder))) { return true }
    }
    return false
  }
}
