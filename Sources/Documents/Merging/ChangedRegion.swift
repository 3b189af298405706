/// A stretch of a sequence that one side, or both sides of a merge replaced, and what each has in its place.
struct ChangedRegion {
  var base: Range<Int>
  var ours: Range<Int>
  var theirs: Range<Int>
  var isOurs = false
  var isTheirs = false

  /// Whether both sides put something at a place where the base has nothing.
  var isDoubleInsertion: Bool { base.isEmpty && isOurs && isTheirs }

  /// The regions in which two sides differ from their base, in order.
  ///
  /// - Parameter touchingIsOne: Whether changes that merely touch are one region, as Git has it.
  static func regions(
    _ ours: [SequenceComparison.Gap], _ theirs: [SequenceComparison.Gap], touchingIsOne: Bool
  ) -> [ChangedRegion] {
    let gaps =
      (theirs.map { ($0, false) } + ours.map { ($0, true) }).sorted { first, second in
        (first.0.old.lowerBound, first.0.old.upperBound) < (second.0.old.lowerBound, second.0.old.upperBound)
      }
    var result: [ChangedRegion] = []
    // How far each side's places are ahead of the base's, behind the last region.
    var (ourShift, theirShift) = (0, 0)
    for (gap, isOurs) in gaps {
      let growth = gap.new.count - gap.old.count
      if isOurs { ourShift += growth } else { theirShift += growth }
      if let last = result.last, last.isOne(with: gap, isOurs, touchingIsOne) {
        let end = max(last.base.upperBound, gap.old.upperBound)
        result[result.count - 1].base = last.base.lowerBound..<end
        result[result.count - 1].ours = last.ours.lowerBound..<end + ourShift
        result[result.count - 1].theirs = last.theirs.lowerBound..<end + theirShift
      } else {
        let (ourStart, theirStart) = isOurs ? (ourShift - growth, theirShift) : (ourShift, theirShift - growth)
        result.append(
          ChangedRegion(
            base: gap.old, ours: gap.old.lowerBound + ourStart..<gap.old.upperBound + ourShift,
            theirs: gap.old.lowerBound + theirStart..<gap.old.upperBound + theirShift))
      }
      if isOurs { result[result.count - 1].isOurs = true } else { result[result.count - 1].isTheirs = true }
    }
    return result
  }

  private func isOne(with gap: SequenceComparison.Gap, _ isOurs: Bool, _ touchingIsOne: Bool) -> Bool {
    if gap.old.lowerBound < base.upperBound { return true }
    guard gap.old.lowerBound == base.upperBound, isOurs ? isTheirs : self.isOurs else { return false }
    return touchingIsOne || base.isEmpty && gap.old.isEmpty
  }
}
