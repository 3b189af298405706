/// Walks two trees side by side; as deep as the documents, whose depth is bounded.
struct FieldComparison {
  let listKeys: ListKeys
  private(set) var result: [FieldDifference] = []

  init(listKeys: ListKeys) { self.listKeys = listKeys }

  mutating func compare(_ old: Node, _ new: Node, at path: FieldPath) {
    switch (old.kind, new.kind) {
    case (.mapping, .mapping): compareMappings(old, new, at: path)
    case (.sequence, .sequence): compareLists(old, new, at: path)
    default:
      if !old.isSameScalar(as: new) { result.append(FieldDifference(.changed, path, old: old, new: new)) }
    }
  }

  /// A whole document that only one side has: its top fields, or itself when it is no mapping.
  mutating func report(_ kind: FieldDifference.Kind, _ root: Node) {
    guard root.kind == .mapping else { return append(kind, root, at: .root) }
    for entry in root.entries { append(kind, entry.value, at: FieldPath([.key(entry.key)])) }
  }

  private mutating func append(_ kind: FieldDifference.Kind, _ node: Node, at path: FieldPath) {
    result.append(FieldDifference(kind, path, old: kind == .removed ? node : nil, new: kind == .added ? node : nil))
  }

  private mutating func compareMappings(_ old: Node, _ new: Node, at path: FieldPath) {
    let oldEntries = old.entries
    let newEntries = new.entries
    let pairs = Self.pairs(oldEntries, newEntries)
    var matched = [Bool](repeating: false, count: newEntries.count)
    for (entry, partner) in zip(oldEntries, pairs) {
      guard let partner else {
        append(.removed, entry.value, at: path.appending(key: entry.key))
        continue
      }
      matched[partner] = true
      let value = newEntries[partner].value
      if entry.value.kind == .scalar, entry.value.isSameScalar(as: value) { continue }
      compare(entry.value, value, at: path.appending(key: entry.key))
    }
    for (entry, isMatched) in zip(newEntries, matched) where !isMatched {
      append(.added, entry.value, at: path.appending(key: entry.key))
    }
  }

  /// For each old entry, the place of the new one with its key; the same place is tried first.
  private static func pairs(_ old: [Node.Entry], _ new: [Node.Entry]) -> [Int?] {
    var places: [ExactText: Int]? = nil
    return old.enumerated().map { place, entry in
      if place < new.count, entry.keyNode.hasSameText(as: new[place].keyNode) { return place }
      let known =
        places ?? Dictionary(new.enumerated().map { (ExactText($1.key), $0) }) { first, _ in first }
      places = known
      return known[ExactText(entry.key)]
    }
  }

  private mutating func compareLists(_ old: Node, _ new: Node, at path: FieldPath) {
    let oldElements = old.elements
    let newElements = new.elements
    if oldElements.isEmpty && newElements.isEmpty { return }
    if let fields = listKeys.fields(forList: path.lastKey, oldElements, newElements) {
      compareKeyed(oldElements, newElements, by: fields, at: path)
    } else {
      comparePositions(oldElements, newElements, at: path)
    }
  }

  private mutating func compareKeyed(_ old: [Node], _ new: [Node], by fields: ListKeys.Fields, at path: FieldPath) {
    let name = ListKeys.name(of: fields)
    func identity(_ node: Node) -> String { ListKeys.identity(of: node, by: fields) ?? "" }
    let partners = Dictionary(new.map { (ExactText(identity($0)), $0) }) { first, _ in first }
    var seen = Set<ExactText>()
    for element in old {
      let value = identity(element)
      seen.insert(ExactText(value))
      let path = path.appending(.element(key: name, value: value))
      if let partner = partners[ExactText(value)] {
        compare(element, partner, at: path)
      } else {
        append(.removed, element, at: path)
      }
    }
    for element in new where !seen.contains(ExactText(identity(element))) {
      append(.added, element, at: path.appending(.element(key: name, value: identity(element))))
    }
  }

  /// Elements without identity: what the longest common subsequence leaves over is compared in pairs, place by place.
  private mutating func comparePositions(_ old: [Node], _ new: [Node], at path: FieldPath) {
    var interning = Interning<FieldValue>()
    let gaps = SequenceComparison.gaps(
      old.map { interning.number(of: FieldValue($0)) }, new.map { interning.number(of: FieldValue($0)) })
    for gap in gaps {
      for (oldPlace, newPlace) in zip(gap.old, gap.new) {
        compare(old[oldPlace], new[newPlace], at: path.appending(.index(newPlace)))
      }
      for place in gap.old.dropFirst(gap.new.count) { append(.removed, old[place], at: path.appending(.index(place))) }
      for place in gap.new.dropFirst(gap.old.count) { append(.added, new[place], at: path.appending(.index(place))) }
    }
  }
}
