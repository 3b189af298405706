/// Why a file can't be edited: what is wrong, at which field and line, and what to do about it. Nothing is half done.
public struct EditError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// The file can't be read in the first place: broken grammar, a key twice, not UTF-8, over a limit.
    case unreadable(DocumentError.Kind)
    /// The stream has no document of that number.
    case noSuchDocument
    /// The field isn't there, or can't be made since a scalar is in the way.
    case noSuchField
    /// The field that should be added is there.
    case alreadyThere
    /// The path fits several elements of a list.
    case ambiguous
    /// The value is shared with other fields by an anchor, an alias or a merge key.
    case shared
    /// The format can't hold the value, or can't be edited at that place.
    case unsupported
    /// The edited file wouldn't have read back as the old one with just this edit.
    case unfaithful
  }

  public var kind: Kind
  /// The field that should have been edited; nil when no edit was at fault.
  public var path: FieldPath?
  /// What is wrong, in one clause, without a full stop.
  public var message: String
  /// From 1, in the file as the edits before this one left it.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  /// What a person can do.
  public var remedy: String?

  public init(kind: Kind, path: FieldPath?, message: String, line: Int, column: Int, remedy: String? = nil) {
    self.kind = kind
    self.path = path
    self.message = message
    self.line = line
    self.column = column
    self.remedy = remedy
  }

  public var description: String {
    let field = path.map { $0.components.isEmpty ? " the document" : " \($0)" } ?? ""
    let what = "line \(line), column \(column):\(field.isEmpty ? "" : field + ":") \(message)"
    return remedy.map { "\(what); \($0)" } ?? what
  }
}

/// What the editing of a format throws: an `EditError` whose place is still a byte offset.
struct EditProblem: Error {
  var kind: EditError.Kind
  var message: String
  var offset: Int
  var remedy: String?

  init(_ kind: EditError.Kind, _ message: String, at offset: Int, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.offset = offset
    self.remedy = remedy
  }

  func located(in source: SourceText, path: FieldPath?) -> EditError {
    let place = source.place(of: offset)
    return EditError(
      kind: kind, path: path, message: message, line: place.line, column: place.column, remedy: remedy)
  }
}
