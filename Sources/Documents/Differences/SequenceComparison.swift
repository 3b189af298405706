/// Where two sequences differ: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986.
enum SequenceComparison {
  /// Places of the old sequence that those of the new one replace; one of both may be empty.
  struct Gap: Equatable {
    var old: Range<Int>
    var new: Range<Int>
  }

  /// Beyond so many single edits the middle counts as replaced: memory grows with their square, time with their product
  /// with the length.
  private static func editLimit(_ length: Int) -> Int { max(64, min(2_000, 40_000_000 / max(length, 1))) }

  static func gaps(_ old: [Int], _ new: [Int]) -> [Gap] {
    var start = 0
    let shorter = min(old.count, new.count)
    while start < shorter, old[start] == new[start] { start += 1 }
    var tail = 0
    while tail < shorter - start, old[old.count - 1 - tail] == new[new.count - 1 - tail] { tail += 1 }
    let middle = Gap(old: start..<old.count - tail, new: start..<new.count - tail)
    if middle.old.isEmpty && middle.new.isEmpty { return [] }
    if middle.old.isEmpty || middle.new.isEmpty { return [middle] }
    return inner(old[middle.old], new[middle.new]) ?? [middle]
  }

  /// nil past the limit of edits.
  private static func inner(_ old: ArraySlice<Int>, _ new: ArraySlice<Int>) -> [Gap]? {
    let length = old.count + new.count
    let edits = min(length, editLimit(length))
    // furthest[k + edits] is the furthest place in `old` on diagonal k; `trace` keeps what each round began with, in a
    // copy of just the diagonals in play.
    var furthest = [Int](repeating: 0, count: 2 * edits + 2)
    var trace: [[Int32]] = []
    for edit in 0...edits {
      trace.append(furthest[edits - edit...edits + edit].map(Int32.init))
      for diagonal in stride(from: -edit, through: edit, by: 2) {
        let goesDown =
          diagonal == -edit
          || (diagonal != edit && furthest[edits + diagonal - 1] < furthest[edits + diagonal + 1])
        var x = goesDown ? furthest[edits + diagonal + 1] : furthest[edits + diagonal - 1] + 1
        while x < old.count, x - diagonal < new.count,
          old[old.startIndex + x] == new[new.startIndex + x - diagonal]
        {
          x += 1
        }
        furthest[edits + diagonal] = x
        if x >= old.count && x - diagonal >= new.count {
          return path(back: trace, from: (old.startIndex, new.startIndex), to: (old.count, new.count))
        }
      }
    }
    return nil
  }

  private static func path(
    back trace: [[Int32]], from origin: (Int, Int), to end: (Int, Int)
  ) -> [Gap] {
    var (x, y) = end
    var gaps: [Gap] = []
    for (edit, furthest) in trace.enumerated().reversed() where edit > 0 {
      let diagonal = x - y
      func reach(_ k: Int) -> Int {
        // Only what earlier rounds reached is on record.
        abs(k) < edit ? Int(furthest[k + edit]) : -1
      }
      let goesDown = diagonal == -edit || (diagonal != edit && reach(diagonal - 1) < reach(diagonal + 1))
      let previous = goesDown ? diagonal + 1 : diagonal - 1
      let previousX = reach(previous)
      let previousY = previousX - previous
      let step = Gap(
        old: origin.0 + previousX..<origin.0 + previousX + (goesDown ? 0 : 1),
        new: origin.1 + previousY..<origin.1 + previousY + (goesDown ? 1 : 0))
      if let next = gaps.last, step.old.upperBound == next.old.lowerBound, step.new.upperBound == next.new.lowerBound {
        gaps[gaps.count - 1] = Gap(
          old: step.old.lowerBound..<next.old.upperBound, new: step.new.lowerBound..<next.new.upperBound)
      } else {
        gaps.append(step)
      }
      (x, y) = (previousX, previousY)
    }
    return gaps.reversed()
  }
}

/// Gives equal values equal numbers.
struct Interning<Value: Hashable> {
  private var numbers: [Value: Int] = [:]

  mutating func number(of value: Value) -> Int {
    if let number = numbers[value] { return number }
    let number = numbers.count
    numbers[value] = number
    return number
  }
}
