import Documents
import Git
public import MooringModel

/// One field, or one file, in which two releases differ. Values of Kubernetes secrets are never in it.
public struct ReleaseChange: Sendable, Hashable, Encodable {
  public var file: String
  /// `added`, `removed` or `changed`.
  public var kind: String
  /// `Deployment/shop/checkout`, where the file holds Kubernetes objects.
  public var resource: String?
  /// `nil` where the file as a whole, or its text, changed.
  public var field: String?
  public var old: String?
  public var new: String?
  /// Lines of a unified diff.
  public var lines: [String]?
  /// Why the file was compared by line, and not by field as its name promises.
  public var problem: String?
  public var isSecret = false
}

extension EnvironmentContext {
  /// The largest file that is compared by field or line.
  static let largestCompared = 4 << 20

  /// Everything in which two rendered trees differ, by file and field.
  public func difference(from old: ReleaseDigest?, to new: ReleaseDigest) throws -> [ReleaseChange] {
    let git = repository.git
    let known = try old?.object
    var changes: [ReleaseChange] = []
    for change in try git.changes(from: known.flatMap { git.contains($0) ? $0 : nil }, to: new.object) {
      changes += try self.changes(of: change)
    }
    return changes
  }

  private func changes(of change: TreeChange) throws -> [ReleaseChange] {
    let old = try change.old.map { try content($0) }
    let new = try change.new.map { try content($0) }
    let kind = old == nil ? "added" : new == nil ? "removed" : "changed"
    guard old ?? new != nil, change.old == nil || old != nil, change.new == nil || new != nil else {
      return [ReleaseChange(file: change.path, kind: kind)]
    }
    let difference = differences(from: old ?? nil, to: new ?? nil, path: change.path)
    let isSecret = SecretSearch.findsOne(in: old ?? nil) || SecretSearch.findsOne(in: new ?? nil)
    switch difference.content {
    case .fields(let documents) where kind == "changed" && !documents.isEmpty:
      return documents.flatMap { document in
        document.fields.map { field(change.path, document, $0, isSecret: isSecret) }
      }
    case .lines where kind == "changed" && isSecret:
      return [ReleaseChange(file: change.path, kind: kind, isSecret: true)]
    case .lines(let hunks) where kind == "changed":
      let lines = hunks.flatMap { "\($0)".split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
      return [ReleaseChange(file: change.path, kind: kind, lines: lines, problem: difference.parseProblem)]
    default: return [ReleaseChange(file: change.path, kind: kind)]
    }
  }

  private func field(
    _ path: String, _ document: DocumentDifference, _ field: FieldDifference, isSecret: Bool
  ) -> ReleaseChange {
    ReleaseChange(
      file: path, kind: field.kind.rawValue, resource: document.name, field: field.path.description,
      old: isSecret ? nil : field.old?.description, new: isSecret ? nil : field.new?.description, isSecret: isSecret)
  }

  /// `nil` for what is too large to compare, and for what is no file.
  func content(_ entry: TreeEntry) throws -> [UInt8]? {
    guard ReleaseFile.Kind(entry.mode) != nil, try repository.git.blobSize(entry.id) <= Self.largestCompared else {
      return nil
    }
    return try repository.git.blob(entry.id)
  }
}
