/// The smallest change: one node replaced, one entry or element inserted or removed.
struct EditStep {
  enum Action {
    case replace(FieldValue)
    case insert(FieldValue)
    case remove
  }

  /// Keys and positions only.
  var path: [FieldPath.Component]
  var action: Action

  /// The steps that make `new` of `old`, where equal parts stay untouched; in order, each on what those before it left.
  static func steps(from old: FieldValue, to new: FieldValue, at path: [FieldPath.Component]) -> [EditStep] {
    switch (old, new) {
    case _ where old == new: []
    case (.mapping(let old), .mapping(let new)): mappingSteps(from: old, to: new, at: path)
    case (.sequence(let old), .sequence(let new)): sequenceSteps(from: old, to: new, at: path)
    default: [EditStep(path: path, action: .replace(new))]
    }
  }

  private static func mappingSteps(
    from old: [FieldValue.Entry], to new: [FieldValue.Entry], at path: [FieldPath.Component]
  ) -> [EditStep] {
    let before = Dictionary(old.map { (ExactText($0.key), $0.value) }) { first, _ in first }
    let after = Set(new.map { ExactText($0.key) })
    var steps: [EditStep] = []
    for entry in new {
      let place = path + [.key(entry.key)]
      if let value = before[ExactText(entry.key)] {
        steps += Self.steps(from: value, to: entry.value, at: place)
      } else {
        steps.append(EditStep(path: place, action: .insert(entry.value)))
      }
    }
    return steps
      + old.filter { !after.contains(ExactText($0.key)) }.map {
        EditStep(path: path + [.key($0.key)], action: .remove)
      }
  }

  /// Keeps what is equal at both ends; between them elements change place by place.
  private static func sequenceSteps(
    from old: [FieldValue], to new: [FieldValue], at path: [FieldPath.Component]
  ) -> [EditStep] {
    let shorter = min(old.count, new.count)
    let opening = zip(old, new).prefix { $0 == $1 }.count
    let closing = min(shorter - opening, zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count)
    var steps = (opening..<shorter - closing).flatMap {
      Self.steps(from: old[$0], to: new[$0], at: path + [.index($0)])
    }
    for place in shorter - closing..<max(shorter, new.count) - closing {
      steps.append(EditStep(path: path + [.index(place)], action: .insert(new[place])))
    }
    for place in (shorter - closing..<max(shorter, old.count) - closing).reversed() {
      steps.append(EditStep(path: path + [.index(place)], action: .remove))
    }
    return steps
  }
}
