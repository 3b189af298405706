import Documents
import Git

/// What an edit of the inputs has made of the release.
struct RenderedProof {
  private let git: Repository
  private let changes: [TreeChange]

  init(_ git: Repository, from old: ObjectID, to new: ObjectID) throws {
    self.git = git
    changes = Array(try git.changes(from: old, to: new))
  }

  /// Whether one object has become what a change wants, and no other one has changed.
  func shows(_ change: RenderedChange) throws -> Bool {
    guard changes.count == 1, let made = changes.first else { return false }
    guard let wanted = change.wanted else { return try made.new == nil && isOfObject(document(made.old), change) }
    guard let document = try document(made.new), isOfObject(document, change) else { return false }
    switch change.kind {
    case .creation: return made.old == nil && Self.isSame(wanted, document, besides: ["metadata", "namespace"])
    case .field, .removal: return made.old != nil && Self.isSame(wanted, document)
    }
  }

  private func document(_ entry: TreeEntry?) throws -> Document? {
    guard let entry else { return nil }
    return try Document.parse(git.blob(entry.id), as: .yaml).first
  }

  private func isOfObject(_ document: Document?, _ change: RenderedChange) -> Bool {
    document?.root["kind"]?.text == change.objectKind && document?.root["metadata"]?["name"]?.text == change.name
  }

  private static func isSame(_ wanted: Document, _ made: Document, besides path: [String] = []) -> Bool {
    let besides = path.isEmpty ? nil : FieldPath(path.map(FieldPath.Component.key))
    return differences(from: wanted, to: made).allSatisfy { $0.path == besides }
  }
}
