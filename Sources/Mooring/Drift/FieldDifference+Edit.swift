import Documents

extension FieldDifference {
  /// What brings the old file to the new value.
  ///
  /// - Parameter prefix: Where in the document the compared part stands.
  func edit(document: Int, below prefix: FieldPath = .root) -> FieldEdit? {
    edit(document: document, at: FieldPath(prefix.components + path.components))
  }

  /// What brings a place of another file to the new value.
  func edit(document: Int = 0, at path: FieldPath) -> FieldEdit? {
    let action: FieldEdit.Action? =
      switch (kind, new) {
      case (.removed, _): .remove
      case (.added, let new?): .add(new)
      case (.changed, let new?): .set(new)
      default: nil
      }
    return action.map { FieldEdit(document: document, path: path, $0) }
  }
}

extension [FieldEdit] {
  /// What goes is named by its place in the old file, so it goes first and from behind; what comes has the place of the
  /// new one.
  var inOrder: [FieldEdit] { filter { $0.action == .remove }.reversed() + filter { $0.action != .remove } }
}
