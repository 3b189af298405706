extension FieldValue {
  /// The value after a step; nil when the step doesn't fit it.
  func applying(_ action: EditStep.Action, at path: ArraySlice<FieldPath.Component>) -> FieldValue? {
    guard let first = path.first else {
      if case .replace(let value) = action { return value }
      return nil
    }
    let rest = path.dropFirst()
    switch (self, first) {
    case (.mapping(var entries), .key(let key)):
      let place = entries.firstIndex { $0.key.isExactly(key) }
      if rest.isEmpty, case .insert(let value) = action {
        return place == nil ? .mapping(entries + [Entry(key: key, value: value)]) : nil
      }
      guard let place else { return nil }
      if rest.isEmpty, case .remove = action {
        entries.remove(at: place)
      } else {
        guard let value = entries[place].value.applying(action, at: rest) else { return nil }
        entries[place] = Entry(key: key, value: value)
      }
      return .mapping(entries)
    case (.sequence(let values), .index(let place)): return Self.applying(action, at: place, rest, in: values)
    default: return nil
    }
  }

  private static func applying(
    _ action: EditStep.Action, at place: Int, _ rest: ArraySlice<FieldPath.Component>, in values: [FieldValue]
  ) -> FieldValue? {
    var values = values
    if rest.isEmpty, case .insert(let value) = action {
      guard place <= values.count else { return nil }
      values.insert(value, at: place)
      return .sequence(values)
    }
    guard values.indices.contains(place) else { return nil }
    if rest.isEmpty, case .remove = action {
      values.remove(at: place)
    } else {
      guard let value = values[place].applying(action, at: rest) else { return nil }
      values[place] = value
    }
    return .sequence(values)
  }
}
