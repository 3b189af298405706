import MooringModel

/// The fields of a file, or of one object in it, as history compares them.
struct FieldTable {
  struct Field {
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
      a.path.utf8.elementsEqual(b.path.utf8) && FieldTable.isSame(a.document, b.document)
    }

    /// Of both: in a file of many documents each has the same paths.
    func hash(into hasher: inout Hasher) {
      Self.combine(path, into: &hasher)
      if let document { Self.combine(document, into: &hasher) }
    }

    private static func combine(_ text: String, into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      hasher.combine(UInt8.max)
    }
  }

  private(set) var fields: [Field] = []
  private(set) var places: [Key: Int] = [:]

  subscript(key: Key) -> Field? { places[key].map { fields[$0] } }

  mutating func add(_ field: Field) {
    guard places.updateValue(fields.count, forKey: field.key) == nil else { return }
    fields.append(field)
  }

  mutating func add(_ fields: [Field], of document: String?, isSecret: Bool) {
    for var field in fields {
      field.document = document
      field.isSecret = field.isSecret || isSecret
      add(field)
    }
  }

  /// What became of the fields, in the order of the new table, with what is gone at the end.
  func changes(to new: FieldTable) -> [HistoricValue] {
    var values: [HistoricValue] = []
    for field in new.fields {
      let old = self[field.key]
      guard !Self.isSame(old?.value, field.value) else { continue }
      values.append(Self.value(field.key, old, field))
    }
    for field in fields where new.places[field.key] == nil { values.append(Self.value(field.key, field, nil)) }
    return values
  }

  static func isSame(_ one: String?, _ other: String?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return one.utf8.elementsEqual(other.utf8)
  }

  private static func value(_ key: Key, _ old: Field?, _ new: Field?) -> HistoricValue {
    let isSecret = old?.isSecret ?? false || new?.isSecret ?? false
    return HistoricValue(
      document: key.document, field: key.path, old: isSecret ? nil : old.map(shown),
      new: isSecret ? nil : new.map(shown),
      kind: old == nil ? .added : new == nil ? .removed : .changed, isSecret: isSecret)
  }

  /// Characters of one value that are kept and shown.
  private static let longest = 4_096

  private static func shown(_ field: Field) -> String { shown(field.value) }

  static func shown(_ value: String) -> String {
    value.utf8.count > longest && value.count > longest ? value.prefix(longest - 1) + "…" : value
  }
}
