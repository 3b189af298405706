/// What merging two trees gave: one tree, or the places where a person has to decide.
public enum MergeOutcome: Hashable, Sendable {
  case tree(ObjectID)
  case conflicts([Conflict])
}

/// A path where both sides changed the same thing differently.
public struct Conflict: Hashable, Sendable {
  public var path: String
  /// The blobs of the three sides; nil where a side has no such file.
  public var base: ObjectID?
  public var ours: ObjectID?
  public var theirs: ObjectID?
  /// The file with conflict markers; nil when it isn't text, or when a side has removed it.
  public var text: String?

  public init(path: String, base: ObjectID?, ours: ObjectID?, theirs: ObjectID?, text: String?) {
    self.path = path
    self.base = base
    self.ours = ours
    self.theirs = theirs
    self.text = text
  }
}
