import Documents
import MooringModel

extension SecretRules {
  /// A field's difference as it may be kept and shown.
  ///
  /// - Parameter isSecret: Whether no value of the document is to be shown.
  func change(_ field: FieldDifference, of document: DocumentDifference, isSecret: Bool) -> FieldChange {
    let path = field.path.description
    let isHidden = isSecret || hides(field.path)
    func text(_ value: FieldValue) -> String { FieldChange.bounded(withoutSecrets(value).description) }
    return FieldChange(
      .value, path.count > FieldChange.shown ? String(path.prefix(FieldChange.shown - 1)) + "…" : path,
      document: document.name.map(FieldChange.bounded), old: isHidden ? nil : field.old.map(text),
      new: isHidden ? nil : field.new.map(text), isSecret: isHidden)
  }
}

extension FieldChange {
  /// Characters of one value or line that are shown.
  static let shown = 200

  /// A text for one line, cut where it is long.
  static func bounded(_ text: String) -> String {
    let plain = ObjectName(path: text.utf8).string
    return plain.count > shown ? plain.prefix(shown - 1) + "…" : plain
  }
}
