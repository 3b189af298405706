/// An incident as a Markdown document.
public struct IncidentDocument: Sendable {
  /// A field that the bad release changed.
  public struct Change: Sendable, Hashable, Encodable {
    public var place: String
    public var old: String?
    public var new: String?
    public var isSecret: Bool

    public init(place: String, old: String?, new: String?, isSecret: Bool) {
      (self.place, self.old, self.new, self.isSecret) = (place, old, new, isSecret)
    }
  }

  /// Changes that are listed.
  public static let mostChanges = 100

  let incident: Incident
  let changes: [Change]

  public init(_ incident: Incident, changes: [Change]) {
    (self.incident, self.changes) = (incident, changes)
  }

  public var text: String {
    let sections = [
      heading, facts, verdict, timeline, changed, deployments, gates, meanwhile, notes, followUps,
      "*Made from the journal of \(MarkdownText.line(incident.environment)), as of \(incident.asOf).*",
    ]
    return sections.compactMap { $0 }.joined(separator: "\n\n") + "\n"
  }

  private var heading: String {
    "# Incident \(incident.id.suffix(6).lowercased()): \(MarkdownText.line(incident.title))"
  }

  private var facts: String {
    var rows: [(String, String)] = [
      ("Rollback", "`\(incident.id)`, \(incident.automatic ? "automatic" : "by \(MarkdownText.line(incident.by))")"),
      ("Why", MarkdownText.line(incident.reason)),
      ("From", incident.from.map(release) ?? "nothing"),
      ("To", release(incident.to) + (incident.ranBefore ? "" : ", which never ran before")),
    ]
    if let revert = incident.revert { rows.append(("Revert", "`\(revert)`\(pushed)")) }
    rows.append(
      (
        "Undoes",
        incident.undone.isEmpty
          ? "no commit" : incident.undone.prefix(20).map { "`\($0.short)`" }.joined(separator: ", ")
      ))
    rows.append(("Detected", "\(incident.detected): \(MarkdownText.line(incident.detectedBy))"))
    rows.append(
      (
        "Time to detect",
        incident.timeToDetect.map(Self.words) ?? "not known: the journal doesn't have the release's deployment"
      ))
    rows.append(("Time to restore", incident.timeToRestore.map(Self.words) ?? "not restored"))
    rows.append(("Outcome", outcome))
    rows.append(("Verdict", incident.verdict?.verdict.rawValue ?? "none yet"))
    rows.append(
      (
        "People",
        incident.people.isEmpty ? "nobody" : incident.people.map { MarkdownText.line($0) }.joined(separator: ", ")
      ))
    return Self.table(["", ""], rows.map { [$0.0, $0.1] })
  }

  private var pushed: String { incident.pushed == false ? ", not on the branch when the rollback ended" : "" }
  private var outcome: String {
    (incident.outcome ?? "under way") + (incident.detail.map { ": " + MarkdownText.line($0) } ?? "")
  }

  private func release(_ reference: ReleaseReference) -> String {
    "\(reference.restores?.description ?? reference.label) (`\(reference.digest.short)`, commit `\(reference.revision.short)`)"
  }

  private var verdict: String? {
    guard let given = incident.verdict else { return nil }
    let rows = given.signals.map { signal in
      [
        MarkdownText.code(signal.name, limit: 80), number(signal.baseline, signal), number(signal.before, signal),
        number(signal.during, signal), number(signal.after, signal), signal.movement.rawValue,
        signal.probability.map { "\(SignalNumber.rounded($0))" } ?? "",
        signal.effect.map { "\(SignalNumber.rounded($0))" } ?? "",
        signal.sparkline,
      ]
    }
    let table = Self.table(
      ["Signal", "Before the release", "Before", "During", "After", "", "p", "effect", "Course"], rows)
    let problems = given.signals.compactMap { signal in
      signal.problem.map { "- \(MarkdownText.line(signal.name)): \(MarkdownText.line($0))" }
    }
    return "## Did it help?\n\n**\(given.verdict.rawValue)**: \(MarkdownText.line(given.why))\n\n\(table)"
      + (problems.isEmpty ? "" : "\n\n" + problems.joined(separator: "\n"))
  }

  private func number(_ level: SignalJudgement.Level?, _ signal: SignalJudgement) -> String {
    level.flatMap { level in level.value.map { "\(SignalNumber.text($0, of: signal.source)) (\(level.count))" } } ?? "–"
  }

  private var timeline: String {
    let rows = incident.timeline.map { entry in
      ["\(entry.at.description.prefix(19))Z", MarkdownText.line(entry.by, limit: 60), MarkdownText.line(entry.what)]
    }
    return "## Timeline\n\n" + Self.table(["UTC", "Who", "What"], rows)
      + (incident.more > 0 ? "\n\nand \(incident.more) more events" : "")
  }

  private var changed: String? {
    guard !changes.isEmpty else { return nil }
    let rows = changes.prefix(Self.mostChanges).map { change in
      func value(_ text: String?) -> String { change.isSecret ? "(secret)" : text.map { MarkdownText.code($0) } ?? "–" }
      return [MarkdownText.code(change.place), value(change.old), value(change.new)]
    }
    let more = changes.count - rows.count
    return "## What the release had changed\n\n" + Self.table(["Field", "Was", "Became"], rows)
      + (more > 0 ? "\n\nand \(more) more" : "")
  }

  private var deployments: String? {
    guard !incident.deployments.isEmpty else { return nil }
    let rows = incident.deployments.map { act in
      [
        "\(act.at.description.prefix(19))Z", MarkdownText.line(act.release), act.trigger,
        act.steps.joined(separator: ", "), "+\(act.added) ~\(act.changed) −\(act.removed)", act.outcome ?? "under way",
        act.milliseconds.map { "\($0) ms" } ?? "",
      ]
    }
    return "## What was done\n\n"
      + Self.table(["UTC", "Release", "Trigger", "Steps", "Files", "Outcome", "Took"], rows)
  }

  private var gates: String? {
    guard !incident.gates.isEmpty else { return nil }
    let rows = incident.gates.map { gate in
      [
        "\(gate.at.description.prefix(19))Z", MarkdownText.line(gate.release), MarkdownText.code(gate.gate),
        gate.passed ? "held" : "failed", "\(gate.attempts)", "\(gate.milliseconds) ms",
        MarkdownText.line(gate.detail ?? ""),
      ]
    }
    return "## Gates\n\n" + Self.table(["UTC", "Release", "Gate", "", "Attempts", "Took", "Said"], rows)
  }

  private var meanwhile: String? {
    guard let given = incident.verdict, !given.meanwhile.isEmpty else { return nil }
    let lines = given.meanwhile.map { change in
      let shared =
        change.sharedInputs.map { ", which shares \($0.map { MarkdownText.code($0) }.joined(separator: ", "))" } ?? ""
      return
        "- \(change.at), \(MarkdownText.line(change.environment.string))\(shared): \(MarkdownText.line(change.what))"
    }
    return "## What else changed at that time\n\n" + lines.joined(separator: "\n")
      + (given.more > 0 ? "\n- and \(given.more) more" : "")
  }

  private var notes: String? {
    guard !incident.notes.isEmpty else { return nil }
    return "## Notes\n\n"
      + incident.notes.map { note in
        "**\(MarkdownText.line(note.by)), \(note.at)**\n\n\(MarkdownText.quotation(note.text))"
      }.joined(separator: "\n\n")
  }

  private var followUps: String {
    let open = incident.followUps.map { "- [ ] " + MarkdownText.line($0) }
    return "## Open follow-ups\n\n" + (open.isEmpty ? "None that the journal knows of." : open.joined(separator: "\n"))
  }

  private static func table(_ titles: [String], _ rows: [[String]]) -> String {
    let all = [titles, titles.map { _ in "---" }] + rows
    return all.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  /// `1 h 2 min 3 s`; below a minute to the hundredth of a second.
  static func words(_ duration: Duration) -> String {
    let milliseconds = max(0, Int64(duration / .milliseconds(1)))
    let seconds = milliseconds / 1000
    guard seconds >= 60 else { return "\(Elapsed.seconds(milliseconds)) s" }
    let hours = seconds >= 3600 ? "\(seconds / 3600) h " : ""
    return hours + "\(seconds / 60 % 60) min \(seconds % 60) s"
  }
}
