/// The edits that make one value of another, each as small as it can be: entries and elements that stay are not named.
struct FieldChanges {
  let document: Int
  let listKeys: ListKeys
  private(set) var edits: [FieldEdit] = []

  init(in document: Int, listKeys: ListKeys) {
    self.document = document
    self.listKeys = listKeys
  }

  mutating func change(_ old: FieldValue, to new: FieldValue, at path: FieldPath = .root) {
    if old == new { return }
    switch (old, new) {
    case (.mapping(let old), .mapping(let new)) where !old.isEmpty && !new.isEmpty:
      changeMapping(old, to: new, at: path)
    case (.sequence(let old), .sequence(let new)): changeList(old, to: new, at: path)
    default: note(.set(new), at: path)
    }
  }

  private mutating func note(_ action: FieldEdit.Action, at path: FieldPath) {
    edits.append(FieldEdit(document: document, path: path, action))
  }

  /// Adds before it removes, so that the mapping is never empty on the way.
  private mutating func changeMapping(_ old: [FieldValue.Entry], to new: [FieldValue.Entry], at path: FieldPath) {
    let before = Dictionary(old.map { (ExactText($0.key), $0.value) }) { first, _ in first }
    let after = Set(new.map { ExactText($0.key) })
    for entry in new {
      let place = path.appending(key: entry.key)
      if let value = before[ExactText(entry.key)] {
        change(value, to: entry.value, at: place)
      } else {
        note(.add(entry.value), at: place)
      }
    }
    for entry in old where !after.contains(ExactText(entry.key)) { note(.remove, at: path.appending(key: entry.key)) }
  }

  private mutating func changeList(_ old: [FieldValue], to new: [FieldValue], at path: FieldPath) {
    let pairs = pairs(old, new, at: path)
    guard !pairs.isEmpty, zip(pairs, pairs.dropFirst()).allSatisfy({ $0.new < $1.new }) else {
      return note(.set(.sequence(new)), at: path)
    }
    for pair in pairs { change(old[pair.old], to: new[pair.new], at: path.appending(.index(pair.old))) }
    let (kept, known) = (Set(pairs.map(\.old)), Set(pairs.map(\.new)))
    for place in old.indices.reversed() where !kept.contains(place) { note(.remove, at: path.appending(.index(place))) }
    for place in new.indices where !known.contains(place) { note(.add(new[place]), at: path.appending(.index(place))) }
  }

  /// Which elements of two lists are the same one, in the old list's order.
  private func pairs(_ old: [FieldValue], _ new: [FieldValue], at path: FieldPath) -> [(old: Int, new: Int)] {
    if let fields = listKeys.fields(forList: path.lastKey, [old, new]) {
      let places = Dictionary(
        new.enumerated().map { (ExactText(ListKeys.identity(of: $1, by: fields) ?? ""), $0) }
      ) { first, _ in first }
      return old.enumerated().compactMap { place, element in
        places[ExactText(ListKeys.identity(of: element, by: fields) ?? "")].map { (place, $0) }
      }
    }
    var interning = Interning<FieldValue>()
    let gaps = SequenceComparison.gaps(
      old.map { interning.number(of: $0) }, new.map { interning.number(of: $0) })
    var pairs: [(old: Int, new: Int)] = []
    var (oldPlace, newPlace) = (0, 0)
    for gap in gaps + [.init(old: old.count..<old.count, new: new.count..<new.count)] {
      pairs += zip(oldPlace..<gap.old.lowerBound, newPlace..<gap.new.lowerBound).map { (old: $0, new: $1) }
      pairs += zip(gap.old, gap.new).map { (old: $0, new: $1) }
      (oldPlace, newPlace) = (gap.old.upperBound, gap.new.upperBound)
    }
    return pairs
  }
}
