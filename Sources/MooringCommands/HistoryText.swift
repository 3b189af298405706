import Mooring
import MooringModel

/// A line of time, as a person reads it.
enum HistoryText {
  static func lines(_ report: HistoryReport) -> TerminalLines {
    var lines = TerminalLines()
    lines.add(report.environment, ": ", report.subject)
    if let field = report.field { lines.add(" ", field) }
    lines.end()
    for entry in report.entries { add(entry, to: &lines) }
    return lines
  }

  private static func add(_ entry: HistoryEntry, to lines: inout TerminalLines) {
    addHead(of: entry, to: &lines)
    if let moved = entry.movedFrom { lines.line("    moved from ", moved, " to ", entry.file ?? "") }
    if let problem = entry.problem { lines.line("    can't be read: ", problem) }
    if entry.isRemoval { lines.line("    removed") }
    for value in entry.values { add(value, entry.writers, to: &lines) }
    for line in entry.hand?.lines ?? [] { lines.line("    ", line) }
    if let more = entry.hand?.more, more > 0 { lines.line("    and \(more) more") }
    if entry.values.isEmpty, entry.commit != nil, entry.problem == nil, !entry.isRemoval, entry.movedFrom == nil {
      lines.line("    no value changed: blanks, comments or order")
    }
    addNotes(on: entry, to: &lines)
  }

  private static func addHead(of entry: HistoryEntry, to lines: inout TerminalLines) {
    if let commit = entry.commit {
      lines.add(entry.time)
      lines.add("  ")
      lines.add(commit.revision)
      if let release = entry.release { lines.add("  ", release) }
      if entry.offBranch == true { lines.add("  (not on the branch)") }
      lines.line("  ", commit.author.name, ": ", commit.summary)
    } else if let hand = entry.hand {
      lines.add(entry.time)
      let who = hand.by?.description ?? Attribution.unknown.description
      lines.line("  by hand  ", who, ": ", hand.object, " ", hand.kind)
    }
  }

  private static func add(_ value: HistoricValue, _ writers: [HistoricCommit]?, to lines: inout TerminalLines) {
    lines.add("    ")
    if !value.isSecret, value.kind != .changed { lines.add(value.kind == .added ? "+ " : "- ") }
    addName(value.document, value.field, to: &lines)
    lines.add(": ")
    if value.isSecret {
      lines.add(value.kind == .removed ? "a secret value removed" : "a secret value")
    } else {
      if value.kind != .added { lines.add(short(value.old ?? "")) }
      if value.kind == .changed { lines.add(" → ") }
      if value.kind != .removed { lines.add(short(value.new ?? "")) }
    }
    if let revision = value.writer, let writer = writers?.first(where: { $0.revision == revision }) {
      lines.add("  (")
      lines.add(revision)
      lines.add(" ", writer.author.name, ")")
    }
    lines.end()
  }

  static func addName(_ document: String?, _ field: String, to lines: inout TerminalLines) {
    if let document { lines.add(document, ": ") }
    lines.add(field.isEmpty ? "(content)" : field)
  }

  static func short(_ text: String) -> String {
    text.utf8.count > 200 && text.count > 200 ? text.prefix(199) + "…" : text
  }

  /// What else is known of an entry.
  private static func addNotes(on entry: HistoryEntry, to lines: inout TerminalLines) {
    if let commit = entry.commit {
      addCircumstances(of: commit, entry.signature, to: &lines)
      for stay in entry.production {
        lines.add("    in production from ")
        lines.add(stay.since)
        lines.add(stay.until == nil ? " until now" : " to ")
        if let until = stay.until { lines.add(until) }
        lines.line(" with ", stay.release)
      }
    }
    if let again = entry.hand?.changedAgain {
      lines.add("    changed again at ")
      lines.add(again)
      lines.end()
    }
    if let ended = entry.hand?.ended {
      lines.add("    ", how(ended.how), " by ", ended.by)
      if let commit = ended.commit { lines.add(" as commit ", commit.short) }
      lines.add(" at ")
      lines.add(ended.at)
      lines.end()
    }
  }

  /// Who else had to do with a commit, on one line.
  private static func addCircumstances(
    of commit: HistoricCommit, _ signature: ReleaseSignature?, to lines: inout TerminalLines
  ) {
    var parts = 0
    func add(_ texts: String...) {
      lines.add(parts == 0 ? "    " : "; ")
      parts += 1
      for text in texts { lines.add(text) }
    }
    if commit.committer != commit.author { add("committed by ", commit.committer.name) }
    let coAuthors = commit.coAuthors
    if !coAuthors.isEmpty { add("with ", coAuthors.joined(separator: ", ")) }
    if let pull = commit.pullRequest, !commit.namesPullRequest { add("merged as ", pull) }
    let reviewers = commit.reviewers
    if !reviewers.isEmpty { add("reviewed by ", reviewers.joined(separator: ", ")) }
    if let signature {
      add(signature.description)
    } else if commit.isSigned {
      add("signed, and not verified")
    }
    if parts > 0 { lines.end() }
  }

  static func how(_ how: DriftResolved.How) -> String {
    switch how {
    case .healed: "put back"
    case .adopted: "adopted"
    case .ignored: "ignored"
    case .undone: "undone by hand, seen"
    case .deployed: "gone with a deployment"
    }
  }
}
