/// One reference to move on a remote.
public struct PushUpdate: Hashable, Sendable {
  /// The object that the remote's reference shall point at.
  public var local: ObjectID
  /// The full name of the reference on the remote.
  public var name: String
  /// Where the remote's reference points now, as far as we know; nil when it shall not exist yet.
  public var expecting: ObjectID?

  public init(local: ObjectID, name: String, expecting: ObjectID?) {
    self.local = local
    self.name = name
    self.expecting = expecting
  }
}

/// What became of each update of a push, in their order.
public struct PushOutcome: Hashable, Sendable {
  public enum Result: Hashable, Sendable {
    /// The remote's reference points at our object now (or did already).
    case pushed
    /// Somebody was there first: the reference points at this object now, or is gone when it is nil.
    case moved(ObjectID?)
    /// The remote can't or won't take it, for this reason.
    case refused(String)
  }

  public struct Entry: Hashable, Sendable {
    public var name: String
    public var result: Result

    public init(name: String, result: Result) {
      self.name = name
      self.result = result
    }
  }

  public var results: [Entry]

  public init(results: [Entry]) { self.results = results }

  public var isComplete: Bool { results.allSatisfy { $0.result == .pushed } }
}
