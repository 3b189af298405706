import Git
import MooringJournal
import MooringModel

/// Finds what a subject was before the last changes of it: from its changes until then, and from the file as it was.
struct EarlierSubject {
  let history: EnvironmentHistory
  let subject: EnvironmentHistory.Subject
  /// All of them, oldest first.
  let changes: [CommittedChange]

  /// `nil` where it hadn't been there yet.
  func present(at position: Int) throws -> PresentSubject? {
    let past = changes.prefix { $0.change.position <= position }
    guard let last = past.last?.change else { return nil }
    var setters: [FieldTable.Key: PresentSubject.Setter] = [:]
    for each in past {
      for value in each.change.values {
        let writer = value.writer.flatMap { revision in each.writers.first { $0.revision == revision } }
        setters[value.key] =
          value.kind == .removed
          ? nil : PresentSubject.Setter(position: each.change.position, commit: each.commit, writer: writer)
      }
    }
    let fields = try table(past.map(\.change)).fields.compactMap { field in
      setters[field.key].map { setter in
        PresentSubject.Field(
          document: field.document, field: field.path, value: field.isSecret ? nil : FieldTable.shown(field.value),
          isSecret: field.isSecret, setter: setter)
      }
    }
    return PresentSubject(
      position: last.position, file: last.file, problem: last.problem, isRemoval: last.isRemoval, fields: fields)
  }

  /// The fields of the last version that can be read.
  private func table(_ past: [HistoricChange]) throws -> FieldTable {
    let reader = FieldReader(
      history.context.repository.git, history.context.configuration.secrets, resource: subject.resource)
    for change in past.reversed() where change.problem == nil {
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
}
