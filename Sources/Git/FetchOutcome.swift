/// What a fetch found and did.
public struct FetchOutcome: Hashable, Sendable {
  public struct Update: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
      case created, fastForwarded
      /// The old commit is not an ancestor of the new one: the remote's history was rewritten.
      case forced
      /// The same, by a refspec without `+`: the local reference was left where it was.
      case refused
      /// The remote no longer has it; the local reference is gone too if pruning was asked for.
      case vanished
    }

    /// The name of the local reference.
    public var name: String
    /// The name that it has on the remote.
    public var source: String
    public var old: ObjectID?
    public var new: ObjectID?
    public var kind: Kind

    public init(name: String, source: String, old: ObjectID?, new: ObjectID?, kind: Kind) {
      self.name = name
      self.source = source
      self.old = old
      self.new = new
      self.kind = kind
    }

    public var forced: Bool { kind == .forced || kind == .refused }
  }

  public struct Head: Hashable, Sendable {
    public var name: String
    public var id: ObjectID

    public init(name: String, id: ObjectID) {
      self.name = name
      self.id = id
    }
  }

  /// The local references that changed, or would have, by name.
  public var updates: [Update]
  /// All references of the remote, by name.
  public var heads: [Head]
  /// The branch that the remote's HEAD names, whether or not it exists.
  public var defaultBranch: String?
  /// Sources of refspecs without a pattern that the remote doesn't have.
  public var missing: [String]
  public var objects: Int

  public init(updates: [Update], heads: [Head], defaultBranch: String?, missing: [String], objects: Int) {
    self.updates = updates
    self.heads = heads
    self.defaultBranch = defaultBranch
    self.missing = missing
    self.objects = objects
  }
}
