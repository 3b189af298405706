extension FieldMerge {
  /// Lists whose elements have an identity are merged by it, others by position.
  mutating func mergeLists(
    _ base: [FieldValue], _ ours: [FieldValue], _ theirs: [FieldValue], at path: FieldPath
  ) -> FieldValue? {
    if let fields = listKeys.fields(forList: path.lastKey, [base, ours, theirs]) {
      return mergeKeyed(base, ours, theirs, by: fields, at: path)
    }
    return mergePositions(base, ours, theirs, at: path)
  }

  private mutating func mergeKeyed(
    _ base: [FieldValue], _ ours: [FieldValue], _ theirs: [FieldValue], by fields: ListKeys.Fields, at path: FieldPath
  ) -> FieldValue? {
    func named(_ list: [FieldValue]) -> [(ExactText, FieldValue)] {
      list.map { (ExactText(ListKeys.identity(of: $0, by: fields) ?? ""), $0) }
    }
    let lists = [named(base), named(ours), named(theirs)]
    let tables = lists.map { Dictionary($0) { first, _ in first } }
    var merged: [ExactText: FieldValue] = [:]
    for (name, _) in lists[1] + lists[2].filter({ tables[1][$0.0] == nil }) {
      let sides = Sides(base: tables[0][name], ours: tables[1][name], theirs: tables[2][name])
      let place = FieldPath.Component.element(key: ListKeys.name(of: fields), value: name.string)
      merged[name] = merge(sides, at: path.appending(place))
    }
    let order = ListOrder(base: lists[0].map(\.0), ours: lists[1].map(\.0), theirs: lists[2].map(\.0))
    guard let names = order.merged(of: Set(merged.keys)) else {
      return settle(Sides(base: .sequence(base), ours: .sequence(ours), theirs: .sequence(theirs)), at: path)
    }
    return .sequence(names.compactMap { merged[$0] })
  }

  private mutating func mergePositions(
    _ base: [FieldValue], _ ours: [FieldValue], _ theirs: [FieldValue], at path: FieldPath
  ) -> FieldValue? {
    var interning = Interning<FieldValue>()
    let numbers = base.map { interning.number(of: $0) }
    let regions = ChangedRegion.regions(
      SequenceComparison.gaps(numbers, ours.map { interning.number(of: $0) }),
      SequenceComparison.gaps(numbers, theirs.map { interning.number(of: $0) }), touchingIsOne: false)
    let lists = PositionLists(base: base, ours: ours, theirs: theirs)
    var result: [FieldValue] = []
    var place = 0
    for region in regions {
      result += base[place..<region.base.lowerBound]
      place = region.base.upperBound
      guard let merged = merge(region, of: lists, at: path) else { return settle(lists.sides, at: path) }
      result += merged
    }
    result += base[place...]
    if lists.areNames, Set(result).count < result.count { return settle(lists.sides, at: path) }
    return .sequence(result)
  }

  /// What becomes of the elements that one side or both have changed; `nil` where somebody has to decide on the list.
  private mutating func merge(
    _ region: ChangedRegion, of lists: PositionLists, at path: FieldPath
  ) -> [FieldValue]? {
    let (own, other) = (lists.ours[region.ours], lists.theirs[region.theirs])
    if !region.isTheirs || own == other { return Array(own) }
    if !region.isOurs { return other.filter { !lists.doubled.contains($0) } }
    if region.isDoubleInsertion, lists.areNames {
      return Set(own).isSuperset(of: other) ? Array(own) : other.filter { !lists.doubled.contains($0) } + own
    }
    guard region.base.count == own.count, own.count == other.count else { return nil }
    var merged: [FieldValue] = []
    for (number, (before, pair)) in zip(lists.base[region.base], zip(own, other)).enumerated() {
      let sides = Sides(base: before, ours: pair.0, theirs: pair.1)
      merged += merge(sides, at: path.appending(.index(region.ours.lowerBound + number))).map { [$0] } ?? []
    }
    return merged
  }

  /// Three versions of a list whose elements are told apart by their places.
  private struct PositionLists {
    let base: [FieldValue]
    let ours: [FieldValue]
    let theirs: [FieldValue]
    /// Whether they are lists of names, in which nothing stands twice.
    let areNames: Bool
    /// A name that both sides added stands where we put it, and once.
    let doubled: Set<FieldValue>

    init(base: [FieldValue], ours: [FieldValue], theirs: [FieldValue]) {
      (self.base, self.ours, self.theirs) = (base, ours, theirs)
      areNames = [base, ours, theirs].allSatisfy(FieldMerge.areUniqueScalars)
      doubled = areNames ? Set(ours).intersection(theirs).subtracting(base) : []
    }

    var sides: Sides { Sides(base: .sequence(base), ours: .sequence(ours), theirs: .sequence(theirs)) }
  }

  /// Whether a list is one of names, in which nothing stands twice.
  fileprivate static func areUniqueScalars(_ list: [FieldValue]) -> Bool {
    list.allSatisfy { $0.scalar != nil } && Set(list).count == list.count
  }
}
