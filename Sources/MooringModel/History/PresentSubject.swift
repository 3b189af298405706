/// A file or a resource after a change of it: each field that can be read, with what gave it its value.
public struct PresentSubject: Hashable, Sendable {
  /// Where the change stands on the line.
  public var position: Int
  /// The file that holds it, or held it last.
  public var file: String
  /// Why it can't be read there; the fields are those that could be read last.
  public var problem: String?
  /// Whether it is gone.
  public var isRemoval: Bool
  /// In the order of the file.
  public var fields: [Field]

  public struct Field: Hashable, Sendable {
    public var document: String?
    public var field: String
    /// As it is shown; `nil` where it isn't to be.
    public var value: String?
    public var isSecret: Bool
    public var setter: Setter

    public init(document: String?, field: String, value: String?, isSecret: Bool, setter: Setter) {
      self.document = document
      self.field = field
      self.value = value
      self.isSecret = isSecret
      self.setter = setter
    }
  }

  /// The last change of a field.
  public struct Setter: Hashable, Sendable {
    public var position: Int
    /// The commit of the line.
    public var commit: HistoricCommit
    /// The commit on a merged branch that wrote it.
    public var writer: HistoricCommit?

    public init(position: Int, commit: HistoricCommit, writer: HistoricCommit?) {
      self.position = position
      self.commit = commit
      self.writer = writer
    }
  }

  public init(position: Int, file: String, problem: String?, isRemoval: Bool, fields: [Field]) {
    self.position = position
    self.file = file
    self.problem = problem
    self.isRemoval = isRemoval
    self.fields = fields
  }
}
