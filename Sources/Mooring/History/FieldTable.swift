import Documents
import MooringModel

/// The fields of a file, or of one object in it, as history compares them.
///
/// They are in sections, one for each object of a file, which versions share where that object is the same: so that a file of
/// many objects costs no more than what changed in it.
struct FieldTable: Sendable {
  struct Field: Sendable {
    /// Which document of the file; `nil` for the first that has no name, and of a resource.
    var document: String?
    var path: String
    var value: String
    var isSecret: Bool

    var key: Key { Key(document: document, path: path) }
  }

  /// By bytes: `é` of one code point and of two are two names, as they are two values.
  struct Key: Hashable {
    var document: String?
    var path: String

    static func == (a: Self, b: Self) -> Bool {
      a.path.isExactly(b.path) && FieldTable.isSame(a.document, b.document)
    }

    /// Of both: in a file of many documents each has the same paths.
    func hash(into hasher: inout Hasher) {
      path.hashExactly(into: &hasher)
      document?.hashExactly(into: &hasher)
    }
  }

  /// The fields of one object, each once.
  final class Section: Sendable {
    /// Without the document that they are in: a section may be that of another in the next version.
    let fields: [Field]
    private let places: [ExactText: Int]

    init(_ all: [Field]) {
      var (fields, places) = ([Field](), [ExactText: Int]())
      for field in all where places[ExactText(field.path)] == nil {
        places[ExactText(field.path)] = fields.count
        fields.append(field)
      }
      (self.fields, self.places) = (fields, places)
    }

    subscript(path: String) -> Field? { places[ExactText(path)].map { fields[$0] } }
  }

  /// A section, where a version of the file has it.
  private struct Part: Sendable {
    var document: String?
    var section: Section
    /// Whether none of its values may be shown, whatever its fields are.
    var isSecret: Bool

    func field(_ field: Field) -> Field {
      Field(document: document, path: field.path, value: field.value, isSecret: isSecret || field.isSecret)
    }
  }

  private var parts: [Part] = []
  private var places: [ExactText?: Int] = [:]

  /// In the order of the file.
  var fields: [Field] { parts.flatMap { part in part.section.fields.map(part.field) } }

  subscript(key: Key) -> Field? {
    part(of: key.document).flatMap { part in part.section[key.path].map(part.field) }
  }

  private func part(of document: String?) -> Part? { places[document.map(ExactText.init)].map { parts[$0] } }

  /// Adds the fields of a document; of one whose name is there already, those that aren't.
  mutating func add(_ section: Section, of document: String?, isSecret: Bool) {
    let name = document.map(ExactText.init)
    guard let place = places[name] else {
      places[name] = parts.count
      return parts.append(Part(document: document, section: section, isSecret: isSecret))
    }
    let (first, second) = (parts[place], Part(document: document, section: section, isSecret: isSecret))
    parts[place].section = Section(first.section.fields.map(first.field) + section.fields.map(second.field))
    parts[place].isSecret = false
  }

  /// What became of the fields, in the order of the new table, with what is gone at the end.
  func changes(to new: FieldTable) -> [HistoricValue] {
    var values: [HistoricValue] = []
    for (place, part) in new.parts.enumerated() where !isSame(part, place) {
      let old = self.part(of: part.document)
      guard old?.section !== part.section else { continue }
      for field in part.section.fields {
        let before = old?.section[field.path]
        guard !Self.isSame(before?.value, field.value) else { continue }
        values.append(Self.value(before.flatMap { old?.field($0) }, part.field(field)))
      }
    }
    for (place, part) in parts.enumerated() where !new.isSame(part, place) {
      let new = new.part(of: part.document)
      guard new?.section !== part.section else { continue }
      for field in part.section.fields where new?.section[field.path] == nil {
        values.append(Self.value(part.field(field), nil))
      }
    }
    return values
  }

  /// Whether the same section stands at the same place, as nearly all do.
  private func isSame(_ part: Part, _ place: Int) -> Bool {
    parts.indices.contains(place) && parts[place].section === part.section
      && Self.isSame(parts[place].document, part.document)
  }

  static func isSame(_ one: String?, _ other: String?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return one.isExactly(other)
  }

  private static func value(_ old: Field?, _ new: Field?) -> HistoricValue {
    let isSecret = old?.isSecret ?? false || new?.isSecret ?? false
    return HistoricValue(
      document: new?.document ?? old?.document, field: new?.path ?? old?.path ?? "",
      old: isSecret ? nil : old.map { shown($0.value) }, new: isSecret ? nil : new.map { shown($0.value) },
      kind: old == nil ? .added : new == nil ? .removed : .changed, isSecret: isSecret)
  }

  /// Characters of one value that are kept and shown.
  private static let longest = 4_096

  static func shown(_ value: String) -> String {
    value.utf8.count > longest && value.count > longest ? value.prefix(longest - 1) + "…" : value
  }
}
