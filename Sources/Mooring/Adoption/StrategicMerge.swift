import Documents

/// Patches as strategic merges (kubernetes.io, "Strategic Merge Patch").
enum StrategicMerge {
  /// What a patch has to say so that a field becomes as a difference has it.
  static func addition(of field: FieldDifference, document: Int = 0) -> FieldEdit? {
    if let new = field.new { return FieldEdit(document: document, path: field.path, .add(new)) }
    switch field.path.components.last {
    case .key: return FieldEdit(document: document, path: field.path, .add(.scalar(.null)))
    case .element:
      let word = FieldValue.Entry(key: "$patch", value: .scalar(.string("delete")))
      return FieldEdit(document: document, path: field.path, .add(.mapping([word])))
    case .index, nil: return nil
    }
  }

  /// A patch of one object that says nothing yet.
  static func heading(_ change: RenderedChange, name: String, namespace: String?) -> FieldValue {
    func text(_ key: String, _ value: String) -> FieldValue.Entry {
      FieldValue.Entry(key: key, value: .scalar(.string(value)))
    }
    let metadata = [text("name", name)] + (namespace.map { [text("namespace", $0)] } ?? [])
    return .mapping([
      text("apiVersion", change.apiVersion), text("kind", change.objectKind),
      .init(key: "metadata", value: .mapping(metadata)),
    ])
  }
}
