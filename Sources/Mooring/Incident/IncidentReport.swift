import Git
import MooringJournal
public import MooringModel

/// An incident with the fields that the bad release had changed, as data and as a document.
public struct IncidentReport: Sendable, Encodable {
  public var incident: Incident
  public var changes: [IncidentDocument.Change]
  /// Changes that are not listed.
  public var moreChanges: Int
  /// Milliseconds, where they are known.
  public var timeToDetect: Int64?
  public var timeToRestore: Int64?

  /// A Markdown document.
  public var text: String { IncidentDocument(incident, changes: changes).text }
}

extension EnvironmentContext {
  /// A rollback's report, from the journal alone: offline, and the same whoever makes it.
  ///
  /// - Parameter id: The rollback's identifier, or its last characters; `nil` for the newest one.
  public func incident(_ id: String?) throws -> IncidentReport {
    let incident = try told(id)
    let changes = try self.changes(of: incident)
    func milliseconds(_ duration: Duration?) -> Int64? { duration.map { Int64($0 / .milliseconds(1)) } }
    return IncidentReport(
      incident: incident, changes: Array(changes.prefix(IncidentDocument.mostChanges)),
      moreChanges: max(0, changes.count - IncidentDocument.mostChanges),
      timeToDetect: milliseconds(incident.timeToDetect), timeToRestore: milliseconds(incident.timeToRestore))
  }

  /// Newest events that are looked through before all are.
  private static let enough = 5_000

  private func told(_ id: String?) throws -> Incident {
    let state = try head().state
    func incident(_ limit: Int?) throws -> Incident {
      let events = try journal.events(of: name, in: repository.git, limit: limit)
      return try Incident(id, in: events.reversed(), of: name, standing: state) { EventMessage($0).headline }
    }
    guard state.eventCount > Self.enough else { return try incident(nil) }
    do {
      return try incident(Self.enough)
    } catch let fault as Fault where fault.code == .notFound {
      return try incident(nil)
    }
  }

  /// The identifier of a rollback that is named by its last characters.
  public func incidentIdentifier(_ id: String) throws -> Identifier {
    guard let identifier = Identifier(try incident(id).incident.id) else {
      throw Fault(.journal, "a rollback without an identifier", at: name.string)
    }
    return identifier
  }

  /// What the bad release had changed, by field; a release whose tree is lost has changed nothing that can be listed.
  private func changes(of incident: Incident) throws -> [IncidentDocument.Change] {
    guard let from = incident.from, repository.git.contains(try from.digest.object),
      repository.git.contains(try incident.to.digest.object)
    else { return [] }
    return try IncidentChanges(context: self).changes(from: incident.to.digest, to: from.digest)
  }
}
