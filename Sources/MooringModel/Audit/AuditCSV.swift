/// Entries of an audit as comma-separated values (RFC 4180), of which a spreadsheet runs nothing.
public struct AuditCSV: Sendable {
  public static let columns = [
    "since", "until", "kind", "event", "by", "door", "release", "revision", "commit", "author", "committer", "merged",
    "approved_by", "co_authors", "pull_request", "signature", "reached_production", "left_production", "object",
    "fields",
    "summary", "outcome", "ended_by", "why",
  ]

  public let text: String

  public init(_ entries: [AuditEntry]) {
    text = ([Self.columns] + entries.map(Self.values)).map { row in
      row.map(Self.field).joined(separator: ",") + "\r\n"
    }.joined()
  }

  private static func values(_ entry: AuditEntry) -> [String] {
    let values: [String?] = [
      entry.since.description, entry.until?.description, entry.kind.rawValue, entry.event.string, entry.by,
      entry.door?.rawValue, entry.release, entry.revision?.hex, entry.commit?.hex, entry.author, entry.committer,
      several(entry.merged), several(entry.approvedBy), several(entry.coAuthors), entry.pullRequest, entry.signature,
      entry.reachedProduction?.description, entry.leftProduction?.description, entry.object,
      several(entry.fields.map(\.description)), entry.summary, entry.outcome, entry.endedBy, entry.why,
    ]
    return values.map { $0 ?? "" }
  }

  private static func several(_ texts: [String]) -> String { texts.joined(separator: "; ") }

  /// Characters with which a spreadsheet begins a formula, or which it passes over before one; also in full width.
  private static let formulas: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]

  /// What could be a formula begins with an apostrophe, which spreadsheets take for the mark of a text.
  static func field(_ text: String) -> String {
    let first = text.unicodeScalars.first { $0 != " " }
    let safe = first.map { formulas.contains($0) } ?? false ? "'" + text : text
    let isPlain = !safe.unicodeScalars.contains { ["\"", ",", "\r", "\n"].contains($0) } && safe.first != " "
    return isPlain ? safe : "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}
