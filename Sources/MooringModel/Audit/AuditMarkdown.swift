/// An audit as a report in Markdown, for people.
public struct AuditMarkdown: Sendable {
  public private(set) var text: String

  /// - Parameter facts: What stands under the title, a line each.
  public init(title: String, facts: [String], _ entries: [AuditEntry]) {
    text = "# \(Self.plain(title))\n\n" + facts.map { "- \(Self.plain($0))\n" }.joined()
    for section in Section.all {
      let own = entries.filter { section.kinds.contains($0.kind) }
      text += "\n## \(section.title)\n\n"
      guard !own.isEmpty else {
        text += "None.\n"
        continue
      }
      text += Self.row(section.columns.map(\.title)) + Self.row(section.columns.map { _ in "---" })
      for entry in own { text += Self.row(section.columns.map { Self.plain($0.value(entry) ?? "") }) }
    }
  }

  private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }

  /// A text that is nothing but text, on one line: neither markup, nor HTML, nor another column.
  static func plain(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": plain += "&amp;"
      case "<": plain += "&lt;"
      case ">": plain += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "!", "#": plain += "\\" + String(scalar)
      case let scalar where scalar.properties.isWhitespace || scalar.value < 32 || scalar.value == 127: plain += " "
      case let scalar where scalar.properties.generalCategory == .format: continue
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return plain
  }

  private struct Column: Sendable {
    var title: String
    var value: @Sendable (AuditEntry) -> String?

    init(_ title: String, _ value: @escaping @Sendable (AuditEntry) -> String?) {
      (self.title, self.value) = (title, value)
    }
  }

  private struct Section: Sendable {
    var title: String
    var kinds: Set<AuditEntry.Kind>
    var columns: [Column]

    static var all: [Section] {
      let when = Column("when") { $0.since.description }
      let by = Column("by") { $0.by ?? "nobody knows" }
      let what = Column("what") { $0.summary }
      let outcome = Column("outcome") { $0.outcome }
      let why = Column("why") { $0.why }
      let release = Column("release") { $0.release }
      let until = Column("until") { $0.until?.description }
      return [
        Section(
          title: "Changes", kinds: [.change],
          columns: [
            when, release, Column("revision") { $0.revision?.short },
            Column("author") { ([$0.author ?? $0.by ?? ""] + $0.merged + $0.coAuthors).joined(separator: ", ") },
            Column("approved by") { $0.approvedBy.isEmpty ? "nobody says so" : $0.approvedBy.joined(separator: ", ") },
            Column("pull request") { $0.pullRequest }, what, Column("signature") { $0.signature },
            Column("in production from") { $0.reachedProduction?.description },
            Column("to") { $0.leftProduction?.description }, outcome, why,
          ]),
        Section(
          title: "Deployments", kinds: [.deployment], columns: [when, until, release, by, why, what, outcome]),
        Section(
          title: "Drift", kinds: [.drift, .adoption, .ignored],
          columns: [
            when, until, Column("object") { $0.object }, by, what, Column("how it ended") { $0.outcome },
            Column("by whom") { $0.endedBy }, why,
          ]),
        Section(
          title: "Rollbacks", kinds: [.rollback, .quarantine], columns: [when, until, release, by, what, why, outcome]),
        Section(title: "Drills", kinds: [.drill], columns: [when, until, release, by, what, outcome]),
        Section(title: "Gaps: nobody watched", kinds: [.gap], columns: [when, until, what]),
        Section(
          title: "Other decisions",
          kinds: [.hold, .takeover, .historyRewritten, .anchor, .acknowledged, .union, .alert, .note],
          columns: [when, until, Column("kind") { $0.kind.rawValue }, by, what, why, outcome]),
      ]
    }
  }
}
