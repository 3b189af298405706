import Documents
import Testing

/// Shorthands over the public API that every suite here uses.
func document(_ text: String, _ format: DocumentFormat = .yaml, limits: Limits = .standard) throws -> Document {
  try #require(try Document.parse(Array(text.utf8), as: format, limits: limits).first)
}

/// The error of a source that must be refused.
func refusal(
  _ text: String, _ format: DocumentFormat = .yaml, limits: Limits = .standard,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> DocumentError {
  try #require(
    throws: DocumentError.self, sourceLocation: sourceLocation,
    performing: { _ = try Document.parse(Array(text.utf8), as: format, limits: limits) })
}

extension Document {
  /// The whole tree in one line, with types told apart.
  var rendered: String { FieldValue(root).exact }

  /// The bytes that a path's value came from.
  func source(at path: String) throws -> String {
    let node = try #require(self[try FieldPath(parsing: path)])
    return String(decoding: source[node.byteRange], as: UTF8.self)
  }
}
