extension FieldMerge {
  /// Merges what is at one field and below it; everything else stays ours.
  mutating func merge(_ sides: Sides, only field: ArraySlice<FieldPath.Component>, at path: FieldPath) -> FieldValue? {
    guard let first = field.first else { return merge(sides, at: path) }
    let place = path.appending(first)
    switch first {
    case .key(let key):
      guard sides.all.allSatisfy({ $0.map(Self.isMapping) ?? true }) else { return sides.ours }
      let value = merge(sides.map { $0[key] }, only: field.dropFirst(), at: place)
      return Self.replacing(key, in: sides.ours, with: value)
    case .index, .element:
      // A position means the same element only where nothing came or went.
      if case .index = first, Set(sides.all.compactMap { $0?.count }).count > 1 { return sides.ours }
      guard case .sequence(let ours)? = sides.ours, let (number, value) = mergeElement(sides, field, at: place) else {
        return sides.ours
      }
      return .sequence(ours[..<number] + (value.map { [$0] } ?? []) + ours[min(number + 1, ours.count)...])
    }
  }

  /// The merged element that the path names, and its place in our list; behind it where we have none.
  private mutating func mergeElement(
    _ lists: Sides, _ field: ArraySlice<FieldPath.Component>, at path: FieldPath
  ) -> (Int, FieldValue?)? {
    guard let component = field.first else { return nil }
    let places = lists.all.map { list in list.flatMap { Self.place(of: component, in: $0) } }
    guard places.contains(where: { $0 != nil }) else { return nil }
    let values = zip(lists.all, places).map { list, place -> FieldValue? in
      guard case .sequence(let elements)? = list, let place else { return nil }
      return elements[place]
    }
    let sides = Sides(base: values[0], ours: values[1], theirs: values[2])
    guard case .sequence(let ours)? = lists.ours else { return nil }
    return (places[1] ?? ours.count, merge(sides, only: field.dropFirst(), at: path))
  }

  private static func place(of component: FieldPath.Component, in list: FieldValue) -> Int? {
    guard case .sequence(let elements) = list else { return nil }
    switch component {
    case .index(let index): return elements.indices.contains(index) ? index : nil
    case .element(let key, let name):
      let fields = ListKeys.fields(of: key)
      return elements.firstIndex { ListKeys.identity(of: $0, by: fields)?.isExactly(name) ?? false }
    case .key: return nil
    }
  }

  private static func isMapping(_ value: FieldValue) -> Bool {
    if case .mapping = value { true } else { false }
  }

  private static func replacing(_ key: String, in mapping: FieldValue?, with value: FieldValue?) -> FieldValue? {
    var entries: [FieldValue.Entry] = []
    if case .mapping(let own)? = mapping { entries = own }
    let new = value.map { FieldValue.Entry(key: key, value: $0) }
    if let place = entries.firstIndex(where: { $0.key.isExactly(key) }) {
      entries.replaceSubrange(place...place, with: new.map { [$0] } ?? [])
    } else if let new {
      entries.append(new)
    } else {
      return mapping
    }
    return .mapping(entries)
  }
}

extension FieldValue {
  /// How many elements a list has; nil for what is none.
  fileprivate var count: Int? {
    if case .sequence(let elements) = self { elements.count } else { nil }
  }
}
