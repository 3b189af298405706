import Git
import MooringJournal
import MooringModel

/// Which changes by hand concern a file or a resource.
struct HandChanges {
  let context: EnvironmentContext
  let subject: EnvironmentHistory.Subject
  /// The files that it ever stood in, as history writes their paths.
  private let files: Set<String>
  /// The documents that a file ever had, by the names of their objects.
  private let documents: Set<String>

  init(
    of context: EnvironmentContext, _ subject: EnvironmentHistory.Subject, _ changes: some Sequence<HistoricChange>
  ) {
    self.context = context
    self.subject = subject
    files = Set(changes.map(\.file))
    documents = Set(changes.flatMap(\.values).compactMap(\.document))
  }

  /// What of a file or a resource an object of production is.
  private enum Part {
    case whole
    case document(String)

    var name: String? {
      if case .document(let name) = self { name } else { nil }
    }
  }

  /// Those changes with their fields that do, oldest first.
  func concerned(_ changes: [HandChange]) -> [(change: HandChange, values: [HistoricValue])] {
    changes.compactMap { change in
      guard let part = part(change.object) else { return nil }
      let values = change.fields.filter { isConcerned($0) }.map { value($0, part.name) }
      return change.fields.isEmpty || !values.isEmpty ? (change, values) : nil
    }
  }

  private func part(_ object: ObjectName) -> Part? {
    guard context.targetNamespace != nil else {
      let path = ObjectName(written: object.releasePath).bytes
      let file = ObjectName(path: context.repositoryPath(ofReleased: path) ?? path)
      return files.contains(file.string) ? .whole : nil
    }
    if let resource = subject.resource { return isSame(object, resource) ? .whole : nil }
    return documents.sorted().first { isSame(object, ObjectName(written: $0)) }.map(Part.document)
  }

  /// Whether a live object is a resource that may leave its namespace to the target.
  private func isSame(_ object: ObjectName, _ resource: ObjectName) -> Bool {
    if object == resource { return true }
    let parts = object.string.split(separator: "/")
    guard let own = context.targetNamespace, parts.count == 3, parts[1] == own else { return false }
    return resource.string == "\(parts[0])/\(parts[2])"
  }

  private func isConcerned(_ field: FieldChange) -> Bool {
    guard context.targetNamespace == nil, let resource = subject.resource, let document = field.document else {
      return true
    }
    return Self.folded(document) == Self.folded(resource.string)
  }

  /// A document's name as drift says it, `Deployment/shop/web`, and as history does.
  private static func folded(_ name: String) -> String {
    let parts = name.split(separator: "/", maxSplits: 1)
    let kind = (parts.first ?? "").prefix { $0 != "." }.lowercased()
    return kind + "/" + (parts.dropFirst().first ?? "")
  }

  private func value(_ field: FieldChange, _ document: String?) -> HistoricValue {
    let own = subject.resource == nil ? document ?? field.document.map(Self.folded) : nil
    return HistoricValue(
      document: own, field: field.field, old: field.old, new: field.new,
      kind: field.old == nil && !field.isSecret ? .added : field.new == nil && !field.isSecret ? .removed : .changed,
      isSecret: field.isSecret)
  }
}
