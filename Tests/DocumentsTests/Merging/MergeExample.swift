import Documents
import Testing

/// A file in three versions, and what merging them by field gives.
struct MergeExample: Sendable, CustomTestStringConvertible {
  var name: String
  var format: DocumentFormat
  var base: String
  var ours: String
  var theirs: String
  /// Nil for conflicts at these paths.
  var merged: String?
  var conflicts: [String] = []

  init(_ name: String, _ format: DocumentFormat, base: String, ours: String, theirs: String, merged: String) {
    (self.name, self.format, self.base, self.ours) = (name, format, base, ours)
    (self.theirs, self.merged) = (theirs, merged)
  }

  init(_ name: String, _ format: DocumentFormat, base: String, ours: String, theirs: String, conflicts: String...) {
    (self.name, self.format, self.base, self.ours) = (name, format, base, ours)
    (self.theirs, self.conflicts) = (theirs, conflicts)
  }

  var testDescription: String { name }

  var merge: FileMerge {
    FileMerge(base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8), format: format)
  }

  func check() {
    switch merge.outcome() {
    case .merged(let bytes):
      #expect(String(decoding: bytes, as: UTF8.self) == merged)
    case .conflicts(let found):
      #expect(merged == nil, "\(found)")
      #expect(found.map(\.path.description) == conflicts)
    case .impossible(let reason): Issue.record("\(reason)")
    }
  }
}
