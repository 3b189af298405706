import Documents
import Testing

/// A file before and after an edit, as a person would expect it.
struct EditExample: Sendable, CustomTestStringConvertible {
  enum Verb: Sendable { case set, add, remove }

  var name: String
  var before: String
  var verb: Verb
  var path: String
  /// A YAML flow value; not for removals.
  var value: String?
  var after: String
  var document = 0

  init(
    _ name: String, _ before: String, _ verb: Verb, _ path: String, _ value: String? = nil, _ after: String,
    document: Int = 0
  ) {
    self.name = name
    self.before = before
    self.verb = verb
    self.path = path
    self.value = value
    self.after = after
    self.document = document
  }

  var testDescription: String { name }

  var edit: FieldEdit {
    get throws {
      func field() throws -> FieldValue { try FieldValue(DocumentsTests.document(#require(value)).root) }
      let action: FieldEdit.Action =
        switch verb {
        case .set: .set(try field())
        case .add: .add(try field())
        case .remove: .remove
        }
      return FieldEdit(document: document, path: try FieldPath(parsing: path), action)
    }
  }

  func check(_ format: DocumentFormat, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let edited = try Document.edit(Array(before.utf8), as: format, [edit])
    #expect(String(decoding: edited, as: UTF8.self) == after, sourceLocation: sourceLocation)
  }
}

/// The error of an edit that must be refused.
func editRefusal(
  _ text: String, _ format: DocumentFormat, _ verb: EditExample.Verb, _ path: String, _ value: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> EditError {
  let edit = try EditExample("", text, verb, path, value, "").edit
  return try #require(
    throws: EditError.self, sourceLocation: sourceLocation,
    performing: { _ = try Document.edit(Array(text.utf8), as: format, [edit]) })
}
