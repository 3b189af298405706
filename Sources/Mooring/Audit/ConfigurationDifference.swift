import Documents
import Git
public import MooringModel

/// What differs between two releases, of one environment or of two.
public struct ConfigurationDifference: Sendable {
  /// One side of it.
  public struct Side: Sendable {
    public var environment: EnvironmentName
    public var release: ReleaseReference
  }

  public var from: Side
  public var to: Side
  let comparison: ReleaseComparison

  /// By file and field. A resource that stands in another file is the same, and has moved.
  public func changes() throws -> [ReleaseChange] {
    let pairs = try comparison.pairs(from: from.release.digest.object, to: to.release.digest.object)
    let moved = try MovedResources(among: pairs, comparison)
    return try pairs.flatMap { try moved.told(comparison.changes(of: $0), of: $0.path) }
  }

  /// By resource, and by file where that holds none.
  public func resources() throws -> [ResourceChange] { ResourceChange.all(in: try changes()) }

  /// As text that `patch` reads, but for values of secrets.
  public func unified() throws -> String {
    try comparison.pairs(from: from.release.digest.object, to: to.release.digest.object)
      .map { try UnifiedFile($0, comparison).text }.joined()
  }
}

/// How one resource, or one file without resources, differs.
public struct ResourceChange: Sendable, Hashable, Encodable {
  public var file: String
  public var resource: String?
  /// The file where it was, where it moved.
  public var movedFrom: String?
  /// `added`, `removed` or `changed`.
  public var kind: String
  /// How many fields differ; `nil` where it was compared as a whole.
  public var fields: Int?

  static func all(in changes: [ReleaseChange]) -> [ResourceChange] {
    var all: [ResourceChange] = []
    for change in changes {
      // A document that one side doesn't have is one difference, of no field.
      let isWhole = change.field == nil || change.field?.isEmpty == true
      if let last = all.last, last.file == change.file, last.resource == change.resource, !isWhole {
        all[all.count - 1].fields = (last.fields ?? 0) + 1
      } else {
        all.append(
          ResourceChange(
            file: change.file, resource: change.resource, movedFrom: change.movedFrom,
            kind: isWhole ? change.kind : "changed",
            fields: isWhole ? nil : 1))
      }
    }
    return all
  }
}

/// One file of a unified diff.
private struct UnifiedFile {
  let text: String

  init(_ pair: ReleaseComparison.Pair, _ comparison: ReleaseComparison) throws {
    let old = try ReleaseComparison.content(pair.old, in: comparison.from)
    let new = try ReleaseComparison.content(pair.new, in: comparison.to)
    let name = ObjectName(path: pair.path.utf8).string
    let head =
      "--- \(pair.old == nil ? "/dev/null" : "a/" + name)\n+++ \(pair.new == nil ? "/dev/null" : "b/" + name)\n"
    guard old ?? new != nil else {
      text = head + "Files differ, and are too large to be compared\n"
      return
    }
    // A name without an ending is compared by line.
    let lines = differences(from: old ?? [], to: new ?? [], path: "text")
    let fields = differences(from: old, to: new, path: pair.path)
    guard !comparison.hidesAll(pair.path, fields, old, new) else {
      text = head + "Files with secrets differ\n"
      return
    }
    switch lines.content {
    case .lines(let hunks): text = head + hunks.flatMap(comparison.lines).map { $0 + "\n" }.joined()
    default: text = head + "Binary files differ\n"
    }
  }
}

extension Workspace {
  /// Compares two releases.
  ///
  /// - Parameters:
  ///   - from, to: What is compared: an environment, and one of its releases; what runs there, where none is named.
  public func difference(
    from: (EnvironmentName, ReleaseSelector), to: (EnvironmentName, ReleaseSelector)
  ) async throws -> ConfigurationDifference {
    let (old, new) = (try environment(from.0), try environment(to.0))
    let secrets = SecretRules(files: old.configuration.secrets.files + new.configuration.secrets.files)
    return ConfigurationDifference(
      from: .init(environment: from.0, release: try await old.release(from.1)),
      to: .init(environment: to.0, release: try await new.release(to.1)),
      comparison: ReleaseComparison(from: old.repository.git, to: new.repository.git, secrets: secrets))
  }
}
