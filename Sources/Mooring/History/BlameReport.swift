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
    let standings = ReleaseStandings(in: history, on: subject)
    guard let standing = try standings.standing(of: release) else {
      throw Fault(
        .notFound, "the history of \(self.name) doesn't hold \(release.label)", at: release.revision.hex,
        remedy: "its commit isn't here any more; `mooring show \(self.name)@\(release.label)` shows its files")
    }
    let (state, events) = try journal.story(of: self.name, in: repository.git)
    let moment = moment(of: selector)
    let spans = try standings.spans(events).filter { span, _ in moment.map { span.since <= $0 } ?? true }
    var blame = Blame(standings: standings, standing: standing, spans: spans, release: release)
    try blame.read(state)
    if let moment { try blame.lay(events, spans.map(\.span), at: moment) }
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
  let standing: ReleaseStandings.Standing
  private var stays: ProductionStays
  private(set) var report: BlameReport
  /// Commits beside the line that it stands on, in the order of their positions behind the line's.
  private let asides: [ReleaseStandings.Aside]

  init(
    standings: ReleaseStandings, standing: ReleaseStandings.Standing,
    spans: [(span: ProductionSpan, standing: ReleaseStandings.Standing?)], release: ReleaseReference
  ) {
    (history, subject, self.standing) = (standings.history, standings.subject, standing)
    asides = standings.asides(to: standing.tip)
    stays = ProductionStays(of: standing, asides, spans)
    report = BlameReport(
      environment: history.context.name.string, subject: subject.name,
      kind: subject.resource == nil ? "file" : "resource", release: release.label, fields: [])
  }

  /// What commits set.
  mutating func read(_ state: EnvironmentState) throws {
    let mark = try history.marks(on: subject, state)
    let present = try history.present(of: subject, at: standing.position)
    var isThere = present.map { !$0.isRemoval } ?? false
    if let present, isThere { try take(present, mark) }
    for (offset, aside) in asides.enumerated() {
      guard let (change, commit) = try AsideChanges(of: history, subject).change(aside) else { continue }
      isThere = !change.isRemoval
      lay(change, by: commit, at: standing.position + offset + 1, mark)
    }
    guard !isThere else { return }
    throw Fault(
      .notFound, "\(subject.name) isn't in \(report.release)",
      remedy: "`mooring history \(report.environment) \(subject.name)` shows when it was")
  }

  private mutating func take(_ present: PresentSubject, _ mark: (Int, Revision) -> ReleaseIndex.Mark?) throws {
    report.file = present.file
    report.problem = present.problem
    // Where production ran later releases, too, a value may have been there all the time.
    let ends = stays.hasLater ? stays.ends(of: try history.changes(of: subject).lazy.map(\.change)) : [:]
    for field in present.fields {
      let (place, commit, writer) = (field.setter.position, field.setter.commit, field.setter.writer)
      let end = ends[field.key] ?? .max
      let since = stays.beginning(of: place..<max(place, end))
      report.fields.append(
        BlameReport.Field(
          document: field.document, field: field.field, value: field.value, isSecret: field.isSecret,
          commit: writer ?? commit, merge: writer == nil ? nil : commit,
          release: mark(place, commit.revision)?.number.description, since: since))
    }
  }

  /// What a commit beside the line set.
  private mutating func lay(
    _ change: HistoricChange, by commit: HistoricCommit, at position: Int,
    _ mark: (Int, Revision) -> ReleaseIndex.Mark?
  ) {
    report.file = change.file
    report.problem = change.problem
    let since = stays.beginning(of: position..<Int.max)
    for value in change.values {
      guard value.kind != .removed else {
        report.fields.removeAll { $0.key == value.key }
        continue
      }
      let field = BlameReport.Field(
        document: value.document, field: value.field, value: value.new, isSecret: value.isSecret, commit: commit,
        release: mark(.max, commit.revision)?.number.description, since: since)
      let place = report.fields.firstIndex { $0.key == value.key }
      if let place { report.fields[place] = field } else { report.fields.append(field) }
    }
  }

  /// What hands set since, and what is still there of it.
  mutating func lay(_ events: [Event], _ spans: [ProductionSpan], at moment: Timestamp) throws {
    let inForce = HandChange.inForce(history.hands(in: events), at: moment, spans)
    guard !inForce.isEmpty else { return }
    let past = try history.changes(of: subject).map(\.change).filter { $0.position <= standing.position }
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

extension BlameReport.Field {
  fileprivate var key: FieldTable.Key { FieldTable.Key(document: document, path: field) }
}
