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
    let (state, events) = try journal.story(of: self.name, in: repository.git)
    let spans = try history.spans(events, on: subject)
    var blame = Blame(history: history, subject: subject, position: position, release: release)
    try blame.read(spans, state)
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
  mutating func read(_ spans: [HistoryTimeline.Span], _ state: EnvironmentState) throws {
    guard let present = try history.present(of: subject, at: position), !present.isRemoval else {
      throw Fault(
        .notFound, "\(subject.name) isn't in \(report.release)",
        remedy: "`mooring history \(report.environment) \(subject.name)` shows when it was")
    }
    report.file = present.file
    report.problem = present.problem
    let mark = try history.marks(on: subject, state)
    var since: [Int: Timestamp?] = [:]
    report.fields = present.fields.map { field in
      let (place, commit, writer) = (field.setter.position, field.setter.commit, field.setter.writer)
      if since[place] == nil { since[place] = .some(reached(place, spans)) }
      return BlameReport.Field(
        document: field.document, field: field.field, value: field.value, isSecret: field.isSecret,
        commit: writer ?? commit, merge: writer == nil ? nil : commit,
        release: mark(place, commit.revision)?.number.description, since: since[place] ?? nil)
    }
  }

  /// When production first had what a change made, and has until now.
  private func reached(_ place: Int, _ spans: [HistoryTimeline.Span]) -> Timestamp? {
    spans.first { $0.position.map { $0 >= place && $0 <= position } ?? false }?.span.since
  }

  /// What hands set since, and what is still there of it.
  mutating func lay(_ events: [Event], _ spans: [HistoryTimeline.Span], at moment: Timestamp) throws {
    let inForce = HandChange.inForce(history.hands(in: events), at: moment, spans.map(\.span))
    guard !inForce.isEmpty else { return }
    let past = try history.changes(of: subject).map(\.change).filter { $0.position <= position }
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
