/// A field that both sides of a merge changed, each to something else.
public struct MergeConflict: Sendable, Hashable {
  /// `kind/namespace/name` of the Kubernetes object that it stands in; nil in other documents.
  public var document: String?
  public var path: FieldPath
  /// What each side has there; nil where it isn't there.
  public var base: FieldValue?
  public var ours: FieldValue?
  public var theirs: FieldValue?
}

/// Whose value a field gets.
public enum MergeSide: Sendable, Hashable {
  case ours
  case theirs
}

/// What a merge takes of the other side's changes: everything, one object, one field and what is below it.
public struct MergeSelection: Sendable, Hashable {
  /// `kind/name` or `kind/namespace/name`; nil for every document.
  public var document: String?
  public var field: FieldPath

  public init(document: String? = nil, field: FieldPath = .root) {
    self.document = document
    self.field = field
  }

  public static let everything = MergeSelection()

  var isEverything: Bool { document == nil && field == .root }

  /// Whether a document belongs to it. A name without a namespace fits every namespace.
  func contains(documentNamed name: String?) -> Bool {
    guard let document else { return true }
    guard let name else { return false }
    if name.isExactly(document) { return true }
    let parts = name.split(separator: "/")
    return parts.count == 3 && "\(parts[0])/\(parts[2])".isExactly(document)
  }
}
