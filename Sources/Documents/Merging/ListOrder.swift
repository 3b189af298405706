/// The order of the elements of three versions of a list, each of which has a name.
struct ListOrder<Name: Hashable> {
  let base: [Name]
  let ours: [Name]
  let theirs: [Name]

  /// The names of `kept` in the order that one side gave them; ours, where neither changed it. What only the other side has
  /// stands behind what it stands behind there. Nil when each side changed the order in its own way.
  func merged(of kept: Set<Name>) -> [Name]? {
    let common = kept.intersection(base).intersection(ours).intersection(theirs)
    func order(_ names: [Name]) -> [Name] { names.filter { common.contains($0) } }
    let (before, own, other) = (order(base), order(ours), order(theirs))
    if own == before, other != before { return weave(into: theirs, from: ours, kept) }
    guard other == before || other == own else { return nil }
    return weave(into: ours, from: theirs, kept)
  }

  private func weave(into first: [Name], from second: [Name], _ kept: Set<Name>) -> [Name] {
    let names = first.filter { kept.contains($0) }
    let there = Set(names)
    var opening: [Name] = []
    var behind: [Name: [Name]] = [:]
    var last: Name?
    for name in second where kept.contains(name) {
      if there.contains(name) {
        last = name
      } else if let last {
        behind[last, default: []].append(name)
      } else {
        opening.append(name)
      }
    }
    return opening + names.flatMap { [$0] + (behind[$0] ?? []) }
  }
}
