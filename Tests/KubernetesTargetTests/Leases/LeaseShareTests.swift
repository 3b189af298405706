import MooringModel
import Testing

@testable import KubernetesTarget

@Suite struct LeaseShareTests {
  @Test(arguments: [(0, 0, false), (1, 0, false), (2, 0, true), (3, 2, false), (4, 2, true)])
  func whoHasAtLeastTwoMoreLeavesOne(_ holding: Int, _ other: Int, _ leaves: Bool) {
    #expect(LeaseShare.leaves(holding, to: LeaseRecord.Wish(holder: "other", holds: other)) == leaves)
    #expect((LeaseShare.wishes(other, of: holding) > 0) == leaves)
  }

  /// Whoever is asked, in whatever order, by whom ever: it ends, and nobody has two more than another.
  @Test(arguments: 0..<50) func everyOrderOfAskingEndsWithEqualShares(_ seed: UInt64) {
    var random = SeededGenerator(seed)
    let replicas = Int.random(in: 2...5, using: &random)
    var held = Array(repeating: 0, count: replicas)
    for _ in 0..<Int.random(in: 1...40, using: &random) { held[Int.random(in: 0..<replicas, using: &random)] += 1 }
    var rounds = 0
    while (held.max() ?? 0) - (held.min() ?? 0) >= 2, rounds < 1000 {
      rounds += 1
      let asker = Int.random(in: 0..<replicas, using: &random)
      let holder = Int.random(in: 0..<replicas, using: &random)
      // What was told when asking may be old when it is judged.
      let wish = LeaseRecord.Wish(holder: "\(asker)", holds: held[asker])
      for _ in 0..<LeaseShare.wishes(held[asker], of: held[holder]) where LeaseShare.leaves(held[holder], to: wish) {
        held[holder] -= 1
        held[asker] += 1
      }
    }
    #expect(rounds < 1000, "\(held)")
  }

  @Test func noMoreIsAskedForAtOnceThanAQuarterOfTheDifference() throws {
    let roster = LeaseRoster()
    let end = ContinuousClock.now + .seconds(60)
    func wish(_ name: String, of other: Int) throws -> Int? {
      roster.wish(for: try EnvironmentName(name), of: other, until: end)
    }
    #expect(try wish("a", of: 8) == 0)
    #expect(try wish("a", of: 8) == nil, "it was asked for already")
    #expect(try wish("b", of: 8) == 0)
    #expect(try wish("c", of: 8) == nil, "two are a quarter of eight")
    roster.hold(try EnvironmentName("a"))
    #expect(try wish("c", of: 7) == nil)
    #expect(try wish("c", of: 9) == 1)
  }
}
