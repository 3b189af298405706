/// One field that differs between two documents.
public struct FieldDifference: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable { case added, removed, changed }

  public let kind: Kind
  /// In the new document, except for what was removed.
  public let path: FieldPath
  /// nil when the field was added.
  public let old: FieldValue?
  /// nil when the field was removed.
  public let new: FieldValue?

  init(_ kind: Kind, _ path: FieldPath, old: Node? = nil, new: Node? = nil) {
    self.kind = kind
    self.path = path
    self.old = old.map(FieldValue.init)
    self.new = new.map(FieldValue.init)
  }
}

extension FieldDifference: CustomStringConvertible {
  /// `spec.replicas: 3 → 4`, `+ spec.paused: true`, `- metadata.labels.tier: web`.
  public var description: String {
    let name = path.components.isEmpty ? "(document)" : path.description
    return switch kind {
    case .added: "+ \(name): \(new?.description ?? "")"
    case .removed: "- \(name): \(old?.description ?? "")"
    case .changed: "\(name): \(old?.description ?? "") → \(new?.description ?? "")"
    }
  }
}

/// The fields that differ between two documents, in the order of the old one, with what was added after its siblings.
///
/// A subtree that only one side has is one difference. The order of keys in a mapping is no difference, nor is the order
/// of a list whose elements have an identity by `listKeys`; other lists are compared by their longest common
/// subsequence. A document that isn't there counts as an empty mapping beside a mapping.
public func differences(
  from old: Document?, to new: Document?, listKeys: ListKeys = .standard
) -> [FieldDifference] {
  var comparison = FieldComparison(listKeys: listKeys)
  switch (old?.root, new?.root) {
  case (let old?, let new?): comparison.compare(old, new, at: .root)
  case (let old?, nil): comparison.report(.removed, old)
  case (nil, let new?): comparison.report(.added, new)
  case (nil, nil): break
  }
  return comparison.result
}
