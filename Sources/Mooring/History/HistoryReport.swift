import Documents
import Git
import MooringJournal
public import MooringModel

/// Everything that commits and hands did to a file, a resource, or one field of it, oldest first.
public struct HistoryReport: Sendable, Encodable {
  public var environment: String
  /// The resource's name, or the file's path in the repository.
  public var subject: String
  /// `resource` or `file`.
  public var kind: String
  public var field: String?
  public var entries: [HistoryEntry]
}

extension EnvironmentContext {
  /// The history of a resource (`deployment/shop/web`) or a file, or of one field of it and those below.
  ///
  /// Brings the history's index up to the fetched branch first. Changes nothing else, and asks no network.
  ///
  /// - Parameter progress: Is told how many commits are indexed, of how many, while that goes on.
  public func history(
    of name: String, field: String? = nil, progress: (Int, Int) -> Void = { _, _ in }
  ) async throws -> HistoryReport {
    let history = try EnvironmentHistory(of: self, progress: progress)
    let subject = try history.subject(name)
    let field = try field.map(Self.fieldPath)
    let (state, events) = try journal.story(of: self.name, in: repository.git)
    var changes = try history.changes(of: subject, concerning: field)
    var hands = try history.hands(events, on: subject, field == nil ? changes : nil)
    let mark = try history.marks(on: subject, state)
    let standings = ReleaseStandings(in: history, on: subject)
    let (asides, spans) = try standings.told(try standings.spans(events), about: field, mark)
    if let field {
      hands = hands.compactMap { $0.about(field) }
      guard changes.contains(where: { !$0.change.values.isEmpty }) || !hands.isEmpty || !asides.isEmpty
      else {
        throw try history.unknown(field, of: subject, events)
      }
    }
    let positions = changes.map(\.change.position)
    var entries = changes.map { each in
      let mark = mark(each.change.position, each.commit.revision)
      return HistoryEntry(each, release: mark?.number, signature: mark?.signature)
    }
    changes = []
    try await history.sign(&entries)
    entries = HistoryTimeline.join(entries, at: positions, hands, spans, asides: asides)
    return HistoryReport(
      environment: self.name.string, subject: subject.name, kind: subject.resource == nil ? "file" : "resource",
      field: field, entries: entries)
  }

  private static func fieldPath(_ text: String) throws -> String {
    do { return try FieldPath(parsing: text).description } catch {
      throw Fault(
        .usage, "not a field's path: \(error)", remedy: "write it as spec.template.spec.containers[name=web].image")
    }
  }
}

extension HistoryEntry {
  /// The same with what concerns a field alone; `nil` where nothing does, and what can't be read still does.
  func about(_ field: String) -> HistoryEntry? {
    var entry = self
    entry.values = values.filter { $0.concerns(field) }
    return entry.values.isEmpty && problem == nil ? nil : entry
  }
}

extension EnvironmentHistory {
  /// What hands did to a subject, oldest first.
  ///
  /// - Parameter changes: All that commits did, where that is at hand.
  fileprivate func hands(
    _ events: [Event], on subject: Subject, _ changes: [CommittedChange]?
  ) throws -> [HistoryEntry] {
    let all = hands(in: events)
    guard !all.isEmpty else { return [] }
    let changes = try changes ?? self.changes(of: subject)
    return HandChanges(of: context, subject, changes.lazy.map(\.change)).concerned(all)
      .map { HistoryEntry($0.change, values: $0.values) }
  }

  fileprivate func unknown(_ field: String, of subject: Subject, _ events: [Event]) throws -> Fault {
    let changes = try changes(of: subject)
    let values = changes.flatMap(\.change.values) + (try hands(events, on: subject, changes)).flatMap(\.values)
    let known = Set(values.map(\.field))
    let nearest = NearestName.nearest(to: field, among: known.sorted())
    let below = known.filter { $0.hasSuffix("." + field) }.sorted().first
    let names = [nearest, below].compactMap { $0 }
    return Fault(
      .notFound, "\(subject.name) never had a field \(field)",
      remedy: names.isEmpty ? nil : "did you mean \(Set(names).sorted().joined(separator: ", "))?")
  }
}
