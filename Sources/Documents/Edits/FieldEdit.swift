/// One change to one field of a configuration file.
public struct FieldEdit: Sendable, Hashable {
  public enum Action: Sendable, Hashable {
    /// Gives a field that is there another value. A mapping or list that stays one is changed entry by entry, so that
    /// what is equal keeps its bytes.
    case set(FieldValue)
    /// Makes a field that isn't there, and the mappings and lists on the way to it. A path that ends with a position
    /// (`hosts[1]`) puts the element before the one that stands there, or at the end.
    case add(FieldValue)
    /// Takes a field that is there away, with its lines.
    case remove
  }

  /// Which document of a YAML stream, from 0; other formats have one.
  public var document: Int
  public var path: FieldPath
  public var action: Action

  public init(document: Int = 0, path: FieldPath, _ action: Action) {
    self.document = document
    self.path = path
    self.action = action
  }
}
