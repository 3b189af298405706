import FoundationEssentials
import MooringModel

/// Keeps the reports of an environment's rollbacks where whoever is on call finds them, without Mooring too:
/// `incidents/ENVIRONMENT/ROLLBACK.md` in the state directory. They are copies: the journal can make them again.
struct IncidentFile {
  let context: EnvironmentContext

  static func path(of id: String, _ environment: EnvironmentName, in state: StateDirectory) -> String {
    "\(state.path)/incidents/\(environment)/\(id).md"
  }

  /// Writes the reports that events have something new for.
  func write(after events: [Event]) throws {
    for id in Set(events.compactMap(\.incident)) {
      let path = Self.path(of: id.string, context.name, in: context.state)
      try DurableFolder.make(DurableFolder.parent(of: path))
      try DurableFolder.replace(path, with: Array(try context.incident(id.string).text.utf8))
    }
  }
}

extension Event {
  /// The rollback of whose report it is a part.
  fileprivate var incident: Identifier? {
    switch payload {
    case .rollbackFinished(let finished): finished.rollback
    case .verdict(let given): given.rollback
    case .revertPushed(let pushed): pushed.rollback
    case .note(let note): note.incident
    default: nil
    }
  }
}

extension EnvironmentContext {
  /// Where the report of a rollback is kept, where it is.
  public func incidentPath(_ id: String) -> String? {
    let path = IncidentFile.path(of: id, name, in: state)
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
