import Mooring
import MooringModel

/// Changes of releases, as a person reads them.
enum ChangeText {
  static func text(_ changes: [ReleaseChange]) -> String {
    var lines: [String] = []
    var file: String?
    for change in changes {
      if change.file != file {
        file = change.file
        let name = Terminal.plainLine(change.file)
        lines.append(change.field == nil && change.lines == nil ? "\(mark(change)) \(name)" : "~ \(name)")
      }
      if let moved = change.movedFrom {
        lines.append("    " + Terminal.plainLine("\(change.resource ?? ""): moved from \(moved)"))
      }
      if let field = change.field { lines.append("    " + self.field(field, change)) }
      if let problem = change.problem { lines.append("    compared by line: \(problem)") }
      lines += (change.lines ?? []).map { "    " + $0 }
    }
    return lines.joined(separator: "\n")
  }

  /// A line for each resource, or file without resources.
  static func text(_ resources: [ResourceChange]) -> String {
    resources.map { change in
      let mark = ["added": "+", "removed": "-"][change.kind] ?? "~"
      let name = change.resource.map { "\($0) (\(change.file))" } ?? change.file
      let fields = change.fields.map { ", \($0) field\($0 == 1 ? "" : "s")" } ?? ""
      let moved = change.movedFrom.map { ", moved from \(Terminal.plainLine($0))" } ?? ""
      return "\(mark) \(Terminal.plainLine(name))\(moved)\(fields)"
    }.joined(separator: "\n")
  }

  /// Fields of one object.
  ///
  /// - Parameter more: How many are not listed.
  static func lines(_ fields: [FieldChange], more: Int) -> [String] {
    fields.map { "    " + Terminal.plainLine($0.description) } + (more > 0 ? ["    and \(more) more"] : [])
  }

  private static func field(_ field: String, _ change: ReleaseChange) -> String {
    let name = change.resource.map { "\($0): \(field)" } ?? field
    if change.isSecret { return "\(mark(change)) \(name): (secret)" }
    return switch change.kind {
    case "added": "+ \(name): \(change.new ?? "")"
    case "removed": "- \(name): \(change.old ?? "")"
    default: "\(name): \(change.old ?? "") → \(change.new ?? "")"
    }
  }

  private static func mark(_ change: ReleaseChange) -> String {
    switch change.kind {
    case "added": "+"
    case "removed": "-"
    default: "~"
    }
  }
}
