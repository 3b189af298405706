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
    let changes = try history.changes(of: subject)
    let events = try journal.events(of: self.name, in: repository.git).reversed()
    let mark = try history.marks(on: subject)
    var commits = changes.map { change, commit in
      let mark = mark(change.position, commit.revision)
      return (
        position: change.position,
        entry: HistoryEntry(change, by: commit, release: mark?.number, signature: mark?.signature)
      )
    }
    let concerned = HandChanges(of: self, subject, changes.map(\.change))
      .concerned(history.hands(in: events))
    var hands = concerned.map { HistoryEntry($0.change, values: $0.values) }
    if let field {
      let known = Set(commits.flatMap(\.entry.values).map(\.field) + hands.flatMap(\.values).map(\.field))
      commits = commits.compactMap { position, entry in entry.about(field).map { (position, $0) } }
      hands = hands.compactMap { $0.about(field) }
      guard commits.contains(where: { !$0.entry.values.isEmpty }) || !hands.isEmpty else {
        throw Self.unknown(field, of: subject.name, known)
      }
    }
    try history.name(writersOf: &commits)
    try await history.sign(&commits)
    let entries = HistoryTimeline.join(commits, hands, try history.spans(Array(events), on: subject))
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

  private static func unknown(_ field: String, of subject: String, _ known: Set<String>) -> Fault {
    let nearest = NearestName.nearest(to: field, among: known.sorted())
    let below = known.filter { $0.hasSuffix("." + field) }.sorted().first
    let names = [nearest, below].compactMap { $0 }
    return Fault(
      .notFound, "\(subject) never had a field \(field)",
      remedy: names.isEmpty ? nil : "did you mean \(Set(names).sorted().joined(separator: ", "))?")
  }
}

extension HistoryEntry {
  /// The same with what concerns a field alone; `nil` where nothing does, and what can't be read still does.
  fileprivate func about(_ field: String) -> HistoryEntry? {
    var entry = self
    entry.values = values.filter { $0.concerns(field) }
    return entry.values.isEmpty && problem == nil ? nil : entry
  }
}

extension EnvironmentHistory {
  /// Names the commits on merged branches that wrote values.
  fileprivate func name(writersOf entries: inout [(position: Int, entry: HistoryEntry)]) throws {
    let writers = try writers(of: entries.lazy.map(\.entry.values).joined())
    for place in entries.indices {
      var named: [HistoricCommit] = []
      for value in entries[place].entry.values {
        guard let writer = value.writer.flatMap({ writers[$0] }),
          !named.contains(where: { $0.revision == writer.revision })
        else { continue }
        named.append(writer)
      }
      if !named.isEmpty { entries[place].entry.writers = named }
    }
  }

  /// The commits on merged branches that wrote values.
  func writers(of values: some Sequence<HistoricValue>) throws -> [Revision: HistoricCommit] {
    let commits = try index.commits(Set(values.lazy.compactMap(\.writer)).map { try $0.object })
    return Dictionary(commits.map { ($0.revision, context.cover.covered($0)) }) { first, _ in first }
  }
}
