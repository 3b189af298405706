import Documents
import Git
public import MooringModel

/// A field, or a file, that was changed again after the commit that is undone, so that somebody has to decide. Values of
/// secrets are never in it.
public struct RevertConflict: Sendable, Hashable, Encodable {
  public var file: String
  /// `Deployment/shop/checkout`, where the file holds Kubernetes objects.
  public var resource: String?
  /// Nil where the file as a whole is in conflict.
  public var field: String?
  /// What it was before the commit; nil where it wasn't there.
  public var base: String?
  /// What it is now.
  public var current: String?
  /// What the commit that is undone made of it.
  public var reverted: String?
  /// The lines of a file that can't be merged by field, with markers.
  public var lines: [String]?
  /// Why the file can't be merged by field.
  public var problem: String?
  public var isSecret = false

  private static let whole = "(document)"

  /// Everything that names it to `--take`.
  var names: [String] {
    guard var field else { return [file] }
    if field.isEmpty { field = Self.whole }
    return [field, "\(file):\(field)"] + (resource.map { ["\($0):\(field)", "\(file):\($0):\(field)"] } ?? [])
  }

  /// As the table of conflicts has it.
  var label: String {
    let field = self.field.map { $0.isEmpty ? Self.whole : $0 } ?? "(file)"
    return resource.map { "\($0):\(field)" } ?? field
  }
}

/// Why commits can't be undone: fields that somebody has to decide.
public struct RevertStopped: Error, Sendable {
  public var conflicts: [RevertConflict]
  public var fault: Fault
}

extension RevertConflict {
  /// A field in conflict. The merge's base is what the undone commit left, and its other side what was there before.
  init(_ conflict: MergeConflict, in file: String, isSecret: Bool) {
    self.init(file: file)
    (resource, field, self.isSecret) = (conflict.document, conflict.path.description, isSecret)
    guard !isSecret else { return }
    (base, current, reverted) = (
      conflict.theirs?.description, conflict.ours?.description, conflict.base?.description
    )
  }
}

/// The conflicts of a revert as a table for people.
struct RevertConflictTable {
  private static let mostRows = 40
  private static let widest = 36
  let conflicts: [RevertConflict]
  /// What stands above the field, and above its three values.
  var headings = ["field", "base", "current", "reverted"]

  var text: String {
    var lines: [String] = []
    var files: [String] = []
    for conflict in conflicts where !files.contains(conflict.file) { files.append(conflict.file) }
    for file in files {
      lines.append("  \(file)")
      let own = conflicts.filter { $0.file == file }
      lines += rows(own.filter { $0.field != nil }) + own.filter { $0.field == nil }.flatMap(Self.whole)
    }
    let more = lines.count - Self.mostRows
    return (more > 1 ? lines.prefix(Self.mostRows) + ["  and \(more) more lines"] : lines[...]).joined(separator: "\n")
  }

  private func rows(_ conflicts: [RevertConflict]) -> [String] {
    guard !conflicts.isEmpty else { return [] }
    let rows =
      [headings]
      + conflicts.map { conflict in
        [conflict.label]
          + [conflict.base, conflict.current, conflict.reverted].map { value in
            conflict.isSecret ? "(secret)" : Self.short(value ?? "(none)")
          }
      }
    let widths = headings.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      var line = "    " + cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private static func whole(_ conflict: RevertConflict) -> [String] {
    let problem = conflict.problem.map { ["    " + $0] } ?? []
    return problem + (conflict.lines ?? []).map { "    " + $0 }
  }

  private static func short(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: "\\n")
    return line.count > widest ? line.prefix(widest - 1) + "…" : line
  }
}
