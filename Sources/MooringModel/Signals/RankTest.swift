import Glibc

/// Whether the values of one time tend to be larger than those of another: the rank test of Mann and Whitney, with
/// Cliff's delta as the size of the effect.
///
/// H. B. Mann and D. R. Whitney, *On a Test of Whether one of Two Random Variables is Stochastically Larger than the
/// Other*, Annals of Mathematical Statistics 18 (1947); N. Cliff, *Dominance statistics*, Psychological Bulletin 114
/// (1993). Exact where no two values are equal and there are few; otherwise the normal approximation with the correction
/// for ties and for continuity.
public struct RankTest: Hashable, Sendable {
  /// How probable a difference like this one, or a larger one, would be if nothing had changed; two-sided.
  public let probability: Double
  /// How much oftener a value of the second is the larger one than a value of the first, from −1 to 1.
  public let effect: Double

  /// Products of the two counts up to which the exact distribution is counted out.
  static let exactUpTo = 2_500

  /// `nil` where either has no value.
  public init?(_ first: [Double], _ second: [Double]) {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let (ranks, ties) = Self.ranks(first + second)
    let sum = ranks.prefix(first.count).reduce(0, +)
    let pairs = Double(first.count * second.count)
    // How many pairs have the larger value in the first; equal ones count half.
    let u = sum - Double(first.count * (first.count + 1)) / 2
    effect = 1 - 2 * u / pairs
    let isExact = ties == 0 && first.count * second.count <= Self.exactUpTo
    probability =
      isExact
      ? Self.exact(min(u, pairs - u), first.count, second.count)
      : Self.approximate(u, first.count, second.count, ties: ties)
  }

  /// Mid-ranks, from 1, and the sum of t³ − t over the groups of equal values.
  private static func ranks(_ values: [Double]) -> (ranks: [Double], ties: Double) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var ties = 0.0
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      let size = Double(end - start)
      ties += size * size * size - size
      start = end
    }
    return (ranks, ties)
  }

  /// Twice the share of the arrangements that have at most `u`.
  ///
  /// Their number is the coefficient of the Gaussian binomial, which is multiplied out factor by factor.
  private static func exact(_ u: Double, _ first: Int, _ second: Int) -> Double {
    var counts = [Double](repeating: 0, count: first * second + 1)
    counts[0] = 1
    for factor in 1...first {
      let (up, down) = (second + factor, factor)
      for place in stride(from: counts.count - 1, through: up, by: -1) { counts[place] -= counts[place - up] }
      for place in stride(from: down, to: counts.count, by: 1) { counts[place] += counts[place - down] }
    }
    let all = counts.reduce(0, +)
    let below = counts.prefix(Int(u) + 1).reduce(0, +)
    return min(1, 2 * below / all)
  }

  private static func approximate(_ u: Double, _ first: Int, _ second: Int, ties: Double) -> Double {
    let pairs = Double(first * second)
    let count = Double(first + second)
    let variance = pairs / 12 * (count + 1 - ties / (count * (count - 1)))
    guard variance > 0 else { return 1 }
    let distance = max(0, abs(u - pairs / 2) - 0.5)
    return erfc(distance / variance.squareRoot() / 2.0.squareRoot())
  }
}
