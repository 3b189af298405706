import Documents
import Git
public import MooringModel

/// One field, or one file, in which two releases differ. Values of secrets are never in it.
public struct ReleaseChange: Sendable, Hashable, Encodable {
  public var file: String
  /// `added`, `removed` or `changed`.
  public var kind: String
  /// `Deployment/shop/checkout`, where the file holds Kubernetes objects.
  public var resource: String?
  /// The file of the older release where the resource was, where it moved.
  public var movedFrom: String?
  /// `nil` where the file as a whole, or its text, changed, and where a resource moved.
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
    let comparison = ReleaseComparison(from: git, to: git, secrets: configuration.secrets)
    return try comparison.changes(from: known.flatMap { git.contains($0) ? $0 : nil }, to: new.object)
  }

  /// `nil` for what is too large to compare, and for what is no file.
  func content(_ entry: TreeEntry) throws -> [UInt8]? {
    try ReleaseComparison.content(entry, in: repository.git)
  }
}

/// Compares the trees of two releases, which may be in two repositories.
struct ReleaseComparison {
  let from: Repository
  let to: Repository
  let secrets: SecretRules

  init(from: Repository, to: Repository, secrets: SecretRules) {
    (self.from, self.to, self.secrets) = (from, to, secrets)
  }

  /// A file that differs.
  struct Pair {
    var path: String
    var old: TreeEntry?
    var new: TreeEntry?
  }

  func changes(from old: ObjectID?, to new: ObjectID) throws -> [ReleaseChange] {
    try pairs(from: old, to: new).flatMap { try changes(of: $0) }
  }

  /// The files that differ, by path.
  func pairs(from old: ObjectID?, to new: ObjectID) throws -> [Pair] {
    guard from.path != to.path, let old else {
      return try to.changes(from: old, to: new).map { Pair(path: $0.path, old: $0.old, new: $0.new) }
    }
    let before = try Self.files(of: old, in: from)
    let after = try Self.files(of: new, in: to)
    return Set(before.keys).union(after.keys).sorted().compactMap { path in
      let (old, new) = (before[path], after[path])
      return old?.id == new?.id && old?.mode == new?.mode ? nil : Pair(path: path, old: old, new: new)
    }
  }

  private static func files(of tree: ObjectID, in repository: Repository) throws -> [String: TreeEntry] {
    var files: [String: TreeEntry] = [:]
    try repository.walkTree(tree) { folder, entry in
      if entry.mode != .directory { files[folder + entry.name] = entry }
      return .descend
    }
    return files
  }

  func changes(of pair: Pair) throws -> [ReleaseChange] {
    let (old, new) = (try Self.content(pair.old, in: from), try Self.content(pair.new, in: to))
    let kind = pair.old == nil ? "added" : pair.new == nil ? "removed" : "changed"
    guard old ?? new != nil, pair.old == nil || old != nil, pair.new == nil || new != nil else {
      return [ReleaseChange(file: pair.path, kind: kind)]
    }
    let difference = differences(from: old, to: new, path: pair.path)
    let isSecret = hidesAll(pair.path, difference, old, new)
    switch difference.content {
    case .fields(let documents) where kind == "changed" && !documents.isEmpty:
      return documents.flatMap { document in
        document.fields.map { field(pair.path, document, $0, isSecret: isSecret) }
      }
    case .lines where kind == "changed" && isSecret:
      return [ReleaseChange(file: pair.path, kind: kind, isSecret: true)]
    case .lines(let hunks) where kind == "changed":
      return [
        ReleaseChange(file: pair.path, kind: kind, lines: hunks.flatMap(lines), problem: difference.parseProblem)
      ]
    default: return [ReleaseChange(file: pair.path, kind: kind)]
    }
  }

  /// Whether no value of a file is to be shown.
  func hidesAll(_ path: String, _ difference: FileDifference, _ old: [UInt8]?, _ new: [UInt8]?) -> Bool {
    secrets.hides(ObjectName(path: path.utf8), mode: nil) || secrets.hideAll(of: difference, old, new)
  }

  func lines(_ hunk: LineHunk) -> [String] {
    let lines = "\(hunk)".split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.prefix(1) + lines.dropFirst().map(secrets.withoutSecrets(line:))
  }

  func field(
    _ path: String, _ document: DocumentDifference, _ field: FieldDifference, isSecret: Bool
  ) -> ReleaseChange {
    let isHidden = isSecret || secrets.hides(field.path)
    func text(_ value: FieldValue) -> String { secrets.withoutSecrets(value).description }
    return ReleaseChange(
      file: path, kind: field.kind.rawValue, resource: document.name, field: field.path.description,
      old: isHidden ? nil : field.old.map(text), new: isHidden ? nil : field.new.map(text), isSecret: isHidden)
  }

  /// `nil` for what is too large to compare, and for what is no file.
  static func content(_ entry: TreeEntry?, in repository: Repository) throws -> [UInt8]? {
    guard let entry, ReleaseFile.Kind(entry.mode) != nil,
      try repository.blobSize(entry.id) <= EnvironmentContext.largestCompared
    else { return nil }
    return try repository.blob(entry.id)
  }
}
