import Mooring
import MooringModel

/// A line of time, as a person reads it.
enum HistoryText {
  static func text(_ report: HistoryReport) -> String {
    let field = report.field.map { " " + Terminal.plainLine($0) } ?? ""
    var lines = ["\(report.environment): \(Terminal.plainLine(report.subject))\(field)"]
    for entry in report.entries { add(entry, to: &lines) }
    return lines.joined(separator: "\n")
  }

  private static func add(_ entry: HistoryEntry, to lines: inout [String]) {
    if let commit = entry.commit {
      let release = entry.release.map { "  " + $0 } ?? ""
      lines.append(
        "\(time(entry.time))  \(commit.revision.short)\(release)  "
          + Terminal.plainLine("\(commit.author.name): \(commit.summary)"))
    } else if let hand = entry.hand {
      let who = hand.by?.description ?? Attribution.unknown.description
      lines.append("\(time(entry.time))  by hand  " + Terminal.plainLine("\(who): \(hand.object) \(hand.kind)"))
    }
    if let moved = entry.movedFrom {
      lines.append("    moved from \(Terminal.plainLine(moved)) to \(entry.file ?? "")")
    }
    if let problem = entry.problem { lines.append("    can't be read: \(Terminal.plainLine(problem))") }
    if entry.isRemoval { lines.append("    removed") }
    for value in entry.values { lines.append("    " + self.value(value, entry)) }
    lines += (entry.hand?.lines ?? []).map { "    " + Terminal.plainLine($0) }
    if let more = entry.hand?.more, more > 0 { lines.append("    and \(more) more") }
    if entry.values.isEmpty, entry.commit != nil, entry.problem == nil, !entry.isRemoval, entry.movedFrom == nil {
      lines.append("    no value changed: blanks, comments or order")
    }
    lines += notes(entry).map { "    " + Terminal.plainLine($0) }
  }

  static func value(_ value: HistoricValue, _ entry: HistoryEntry) -> String {
    let name = Terminal.plainLine(name(value.document, value.field))
    let writer = value.writer.flatMap { writer in entry.writers?.first { $0.revision == writer } }
    let by = writer.map { "  (\($0.revision.short) \(Terminal.plainLine($0.author.name)))" } ?? ""
    if value.isSecret { return "\(name): a secret value\(value.kind == .removed ? " removed" : "")\(by)" }
    let old = Terminal.plainLine(short(value.old ?? ""))
    let new = Terminal.plainLine(short(value.new ?? ""))
    return switch value.kind {
    case .added: "+ \(name): \(new)\(by)"
    case .removed: "- \(name): \(old)\(by)"
    case .changed: "\(name): \(old) → \(new)\(by)"
    }
  }

  static func name(_ document: String?, _ field: String) -> String {
    let field = field.isEmpty ? "(content)" : field
    return document.map { "\($0): \(field)" } ?? field
  }

  static func short(_ text: String) -> String {
    text.utf8.count > 200 && text.count > 200 ? text.prefix(199) + "…" : text
  }

  /// What else is known of an entry, a line each.
  private static func notes(_ entry: HistoryEntry) -> [String] {
    var notes: [String] = []
    if let commit = entry.commit {
      var parts: [String] = []
      if commit.committer != commit.author { parts.append("committed by \(commit.committer.name)") }
      if let pull = commit.pullRequest, !commit.summary.contains(pull) { parts.append("merged as \(pull)") }
      if !commit.reviewers.isEmpty { parts.append("reviewed by \(commit.reviewers.joined(separator: ", "))") }
      if let signature = entry.signature {
        parts.append(signature.description)
      } else if commit.isSigned {
        parts.append("signed, and not verified")
      }
      if !parts.isEmpty { notes.append(parts.joined(separator: "; ")) }
      notes += entry.production.map { stay in
        "in production from \(time(stay.since)) \(stay.until.map { "to \(time($0))" } ?? "until now") with \(stay.release)"
      }
    }
    if let again = entry.hand?.changedAgain { notes.append("changed again at \(time(again))") }
    if let ended = entry.hand?.ended {
      let commit = ended.commit.map { " as commit \($0.short)" } ?? ""
      notes.append("\(how(ended.how)) by \(ended.by)\(commit) at \(time(ended.at))")
    }
    return notes
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

  /// RFC 3339 to the second. By hand: thousands are printed, and formatting a date takes longer than all the rest.
  static func time(_ time: Timestamp) -> String {
    let seconds = time.milliseconds >= 0 ? time.milliseconds / 1000 : (time.milliseconds - 999) / 1000
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let rest = seconds - day * 86_400
    let (year, month, date) = Self.date(ofDay: day)
    return "\(two(year / 100))\(two(year % 100))-\(two(month))-\(two(date))T"
      + "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
  }

  private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The proleptic Gregorian date of a day since 1970-01-01, by eras of 400 years that begin in March.
  private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, date: Int64) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
