extension Document {
  /// The bytes of a file after some edits, which are carried out one after the other, each on what those before it left.
  ///
  /// Everything that no edit names stays byte for byte: comments, order, quotes, indentation, line ends, a byte order
  /// mark. An edited scalar keeps its style where that can carry the new value. After each step the file is read again
  /// and compared with the old tree and the edit applied to it, so a file that means something else is never returned.
  /// Each step reads the file again: an edit is one step, except a tree that is set over another, which is one for each
  /// entry that differs (at most 100, or as many as read 64 MiB).
  ///
  /// Throws an `EditError` when the file can't be read within the limits, and when an edit can't be carried out
  /// without touching other fields.
  public static func edit(
    _ bytes: [UInt8], as format: DocumentFormat, _ edits: [FieldEdit], limits: Limits = .standard
  ) throws(EditError) -> [UInt8] {
    var editing = try Editing(bytes, as: format, limits: limits)
    for edit in edits { try editing.apply(edit) }
    return editing.source.bytes
  }
}

/// A file on its way through its edits, always read.
private struct Editing {
  /// What the steps of one edit may read at most, unless they are few: 64 MiB.
  private static let mostBytesRead = 64 << 20

  private(set) var source: SourceText
  private let format: DocumentFormat
  private let limits: Limits
  private var documents: [Document]

  init(_ bytes: [UInt8], as format: DocumentFormat, limits: Limits) throws(EditError) {
    source = SourceText(bytes)
    self.format = format
    self.limits = limits
    do {
      documents = try Document.parse(bytes, as: format, limits: limits)
    } catch {
      throw EditError(
        kind: .unreadable(error.kind), path: nil, message: error.message, line: error.line, column: error.column,
        remedy: error.remedy)
    }
  }

  mutating func apply(_ edit: FieldEdit) throws(EditError) {
    do throws(EditProblem) {
      guard documents.indices.contains(edit.document) else {
        throw EditProblem(.noSuchDocument, "the file has \(documents.count) documents", at: 0)
      }
      let steps = try EditPlan.steps(for: edit, in: documents[edit.document])
      guard steps.count <= max(100, Self.mostBytesRead / max(1, source.bytes.count)) else {
        throw EditProblem(
          .unsupported, "the new value differs in \(steps.count) entries, too many for a file of this size", at: 0,
          remedy: "replace the file")
      }
      for step in steps { try carryOut(step, in: edit.document) }
    } catch {
      throw error.located(in: source, path: edit.path)
    }
  }

  private mutating func carryOut(_ step: EditStep, in number: Int) throws(EditProblem) {
    let document = documents[number]
    let site = try EditSite(step, in: document, source)
    try EditSharing.check(site)
    guard let expected = FieldValue(document.root).applying(step.action, at: step.path[...]) else {
      throw EditProblem(.noSuchField, "the field isn't there", at: document.root.byteRange.lowerBound)
    }
    for splices in try site.spellings(of: step.action) {
      if let bytes = source.applying(splices), let read = try? Document.parse(bytes, as: format, limits: limits),
        isExpected(read, expected, number)
      {
        source = SourceText(bytes)
        documents = read
        return
      }
    }
    let place = (site.target ?? site.container ?? site.root).byteRange.lowerBound
    throw EditProblem(
      .unfaithful, "the edited file wouldn't read back as it should", at: place, remedy: "edit the file by hand")
  }

  private func isExpected(_ read: [Document], _ expected: FieldValue, _ number: Int) -> Bool {
    guard read.count == documents.count else { return false }
    return read.indices.allSatisfy {
      FieldValue(read[$0].root) == ($0 == number ? expected : FieldValue(documents[$0].root))
    }
  }
}

extension EditSite {
  /// The ways to write a step down, best first.
  func spellings(of action: EditStep.Action) throws(EditProblem) -> [[Splice]] {
    switch format {
    case .json: try JSONEditor(site: self).spellings(of: action)
    case .yaml: try YAMLEditor(site: self).spellings(of: action)
    case .env, .properties, .ini: try LineEditor(site: self).spellings(of: action)
    case .toml: try TOMLEditor(site: self).spellings(of: action)
    case .text, .binary:
      throw EditProblem(.unsupported, "\(format.rawValue) files can't be edited", at: 0, remedy: "edit it by hand")
    }
  }
}
