import Git
import MooringJournal
public import MooringModel

/// Each field of a file or a resource as production has it, with the last thing that set it.
public struct BlameReport: Sendable, Encodable {
  public var environment: String
  public var subject: String
  public var kind: String
  public var release: String
  /// The file that holds it in that release.
  public var file: String?
  public var fields: [Field]
  /// Why it can't be read by field.
  public var problem: String?

  public struct Field: Sendable, Encodable {
    public var document: String?
    public var field: String
    /// `nil` where it isn't to be shown.
    public var value: String?
    public var isSecret: Bool
    /// The commit that wrote it.
    public var commit: HistoricCommit?
    /// The commit of the branch's own line that took it in, where that is another.
    public var merge: HistoricCommit?
    public var release: String?
    /// When what it is now reached production, as far as deployments tell.
    public var since: Timestamp?
    /// Who changed it in production since.
    public var hand: HistoryEntry.Hand?
  }
}

extension EnvironmentContext {
  /// Who set each field of a resource or a file as production has it, or had it in a release or at a moment.
  public func blame(
    of name: String, at selector: ReleaseSelector? = nil, progress: (Int, Int) -> Void = { _, _ in }
  ) async throws -> BlameReport {
    let release = try await self.release(selector ?? .deployed)
    let history = try EnvironmentHistory(of: self, progress: progress)
    let subject = try history.subject(name)
    guard let position = try history.position(of: release, on: subject) else {
      throw Fault(
        .notFound, "the history of \(self.name) doesn't hold \(release.label)", at: release.revision.hex,
        remedy: "it isn't on the branch any more; `mooring show \(self.name)@\(release.label)` shows its files")
    }
    var blame = Blame(history: history, subject: subject, position: position, release: release)
    let events = Array(try journal.events(of: self.name, in: repository.git).reversed())
    let spans = try history.spans(events, on: subject)
    try blame.read(spans)
    if let moment = moment(of: selector) { try blame.lay(events, spans, at: moment) }
    return blame.report
  }

  /// Of a moment in production, and of now; a release by its number is as it was made.
  private func moment(of selector: ReleaseSelector?) -> Timestamp? {
    switch selector {
    case nil, .deployed: time.now()
    case .moment(let moment): moment
    case .number, .newest, .revision: nil
    }
  }
}

/// Finds the last thing that set each field of one version.
private struct Blame {
  let history: EnvironmentHistory
  let subject: EnvironmentHistory.Subject
  let position: Int
  private(set) var report: BlameReport
  private var past: [HistoricChange] = []

  init(
    history: EnvironmentHistory, subject: EnvironmentHistory.Subject, position: Int, release: ReleaseReference
  ) {
    self.history = history
    self.subject = subject
    self.position = position
    report = BlameReport(
      environment: history.context.name.string, subject: subject.name,
      kind: subject.resource == nil ? "file" : "resource", release: release.label, fields: [])
  }

  /// What commits set.
  mutating func read(_ spans: [HistoryTimeline.Span]) throws {
    let changes = try history.changes(of: subject).filter { $0.change.position <= position }
    past = changes.map(\.change)
    guard let last = changes.last, !last.change.isRemoval else {
      throw Fault(
        .notFound, "\(subject.name) isn't in \(report.release)",
        remedy: "`mooring history \(report.environment) \(subject.name)` shows when it was")
    }
    report.file = last.change.file
    report.problem = last.change.problem
    var setters: [FieldTable.Key: Int] = [:]
    for (place, each) in changes.enumerated() {
      for value in each.change.values { setters[value.key] = value.kind == .removed ? nil : place }
    }
    let mark = try history.marks(on: subject)
    let writers = try history.writers(of: past.lazy.map(\.values).joined())
    for field in try table(changes).fields {
      guard let place = setters[field.key] else { continue }
      let (change, commit) = changes[place]
      let writer = change.values.first { $0.key == field.key }?.writer.flatMap { writers[$0] }
      report.fields.append(
        BlameReport.Field(
          document: field.document, field: field.path, value: field.isSecret ? nil : FieldTable.shown(field.value),
          isSecret: field.isSecret, commit: writer ?? commit, merge: writer == nil ? nil : commit,
          release: mark(change.position, commit.revision)?.number.description,
          since: spans.first { $0.position.map { $0 >= change.position && $0 <= position } ?? false }?.span.since))
    }
  }

  /// The fields of the last version that can be read.
  private func table(_ changes: [(change: HistoricChange, commit: HistoricCommit)]) throws -> FieldTable {
    let reader = FieldReader(
      history.context.repository.git, history.context.configuration.secrets, resource: subject.resource)
    for (change, _) in changes.reversed() where change.problem == nil {
      guard let version = try version(at: change), let blob = version.blob else { break }
      return try reader.table(of: blob, at: try history.index.path(version.path), version.mode) ?? FieldTable()
    }
    return FieldTable()
  }

  /// The version that a change was read from, also under the name that a file had then.
  private func version(at change: HistoricChange) throws -> HistoryIndex.Version? {
    var subject = subject.subject
    if case .file = subject,
      let id = try history.index.file(ObjectName(written: change.file).bytes, of: self.subject.line)
    {
      subject = .file(id)
    }
    return try history.index.version(of: subject, in: self.subject.line, at: change.position)
  }

  /// What hands set since, and what is still there of it.
  mutating func lay(_ events: [Event], _ spans: [HistoryTimeline.Span], at moment: Timestamp) throws {
    let inForce = HandChange.inForce(history.hands(in: events), at: moment, spans.map(\.span))
    for (change, values) in HandChanges(of: history.context, subject, past).concerned(inForce) {
      let hand = HistoryEntry.Hand(change)
      for value in values { lay(value, hand, change.at) }
      if values.isEmpty {
        report.fields.append(
          Self.field(HistoricValue(field: "", old: nil, new: change.kind.rawValue, kind: .changed), hand, change.at))
      }
    }
  }

  private mutating func lay(_ value: HistoricValue, _ hand: HistoryEntry.Hand, _ at: Timestamp) {
    let place = report.fields.firstIndex {
      $0.field == value.field && ($0.document == value.document || value.document == nil)
    }
    guard let place else { return report.fields.append(Self.field(value, hand, at)) }
    if value.kind == .removed {
      report.fields[place].value = nil
    } else if !value.isSecret {
      report.fields[place].value = value.new
    }
    report.fields[place].isSecret = report.fields[place].isSecret || value.isSecret
    report.fields[place].hand = hand
    report.fields[place].since = at
  }

  private static func field(_ value: HistoricValue, _ hand: HistoryEntry.Hand, _ at: Timestamp) -> BlameReport.Field {
    BlameReport.Field(
      document: value.document, field: value.field, value: value.new, isSecret: value.isSecret, since: at, hand: hand)
  }
}
