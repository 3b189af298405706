/// What a format's reader throws: a `DocumentError` whose place is still a byte offset.
struct ReadingProblem: Error {
  var kind: DocumentError.Kind
  var message: String
  var offset: Int
  var remedy: String?

  init(_ kind: DocumentError.Kind, _ message: String, at offset: Int, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.offset = offset
    self.remedy = remedy
  }

  func located(by index: LineIndex, in source: [UInt8]) -> DocumentError {
    let place = index.place(of: offset, in: source)
    return DocumentError(kind: kind, message: message, line: place.line, column: place.column, remedy: remedy)
  }
}
