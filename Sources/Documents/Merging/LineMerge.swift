/// Merges texts line by line.
struct LineMerge {
  private let base: [ArraySlice<UInt8>]
  private let ours: [ArraySlice<UInt8>]
  private let theirs: [ArraySlice<UInt8>]
  private let ourGaps: [SequenceComparison.Gap]
  private let theirGaps: [SequenceComparison.Gap]

  init(base: [UInt8], ours: [UInt8], theirs: [UInt8]) {
    (self.base, self.ours, self.theirs) = (
      LineHunk.lines(of: base), LineHunk.lines(of: ours), LineHunk.lines(of: theirs)
    )
    var interning = Interning<ArraySlice<UInt8>>()
    let numbers = self.base.map { interning.number(of: $0) }
    ourGaps = SequenceComparison.gaps(numbers, self.ours.map { interning.number(of: $0) })
    theirGaps = SequenceComparison.gaps(numbers, self.theirs.map { interning.number(of: $0) })
  }

  /// The merged text; nil where both sides changed the same lines, or lines that touch.
  var strict: [UInt8]? {
    let regions = ChangedRegion.regions(ourGaps, theirGaps, touchingIsOne: true)
    guard regions.allSatisfy({ !($0.isOurs && $0.isTheirs) || ours[$0.ours] == theirs[$0.theirs] }) else { return nil }
    return text(regions) { $0.isTheirs ? Array(theirs[$0.theirs]) : Array(ours[$0.ours]) }
  }

  /// Our text with every line of theirs that isn't in the way of one of ours. What comes out may be nonsense.
  var lenient: [UInt8] {
    let regions = ChangedRegion.regions(Self.split(ourGaps), Self.split(theirGaps), touchingIsOne: false)
    return text(regions) { region in
      if !region.isTheirs || ours[region.ours] == theirs[region.theirs] { return Array(ours[region.ours]) }
      if !region.isOurs { return Array(theirs[region.theirs]) }
      return (region.isDoubleInsertion ? Array(theirs[region.theirs]) : []) + ours[region.ours]
    }
  }

  private func text(
    _ regions: [ChangedRegion], _ lines: (ChangedRegion) -> [ArraySlice<UInt8>]
  ) -> [UInt8] {
    var result: [UInt8] = []
    var place = 0
    for region in regions {
      result += base[place..<region.base.lowerBound].joined()
      result += lines(region).joined()
      place = region.base.upperBound
    }
    return result + base[place...].joined()
  }

  /// Lines that others stand for one by one are replaced one by one.
  private static func split(_ gaps: [SequenceComparison.Gap]) -> [SequenceComparison.Gap] {
    gaps.flatMap { gap in
      guard gap.old.count == gap.new.count else { return [gap] }
      return zip(gap.old, gap.new).map { SequenceComparison.Gap(old: $0..<$0 + 1, new: $1..<$1 + 1) }
    }
  }
}
