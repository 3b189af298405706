import MooringModel
import Testing

/// Probabilities counted out over all arrangements, by a program of its own.
@Suite("The rank test") struct RankTestTests {
  @Test(
    arguments: [
      ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.007936507936507936, 1.0),
      ([1.1, 2.2, 3.3, 4.4], [0.5, 1.5, 2.5, 3.5, 4.5], 1.0, 0.0),
      ([19, 22, 16, 29, 24], [20, 11, 17, 12], 0.1111111111111111, -0.7),
      ([3, 1, 4, 15, 9, 2, 6], [5, 35, 8, 97, 93, 23], 0.022144522144522144, 0.7619047619047619),
    ] as [([Double], [Double], Double, Double)])
  func countsArrangementsWhereNoValuesAreEqual(
    _ first: [Double], _ second: [Double], _ probability: Double, _ effect: Double
  ) throws {
    let test = try #require(RankTest(first, second))
    #expect(abs(test.probability - probability) < 1e-12)
    #expect(abs(test.effect - effect) < 1e-12)
  }

  @Test(
    arguments: [
      ([1, 1, 1, 1, 1], [0, 0, 0, 0, 0], 0.003976751709788652, -1.0),
      ([0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1], 0.11219582408468007, -0.5),
      ([1, 2, 2, 3, 3, 3, 4], [3, 4, 4, 5, 5, 5, 6, 6], 0.004677734981047265, 0.875),
    ] as [([Double], [Double], Double, Double)])
  func correctsForTies(_ first: [Double], _ second: [Double], _ probability: Double, _ effect: Double) throws {
    let test = try #require(RankTest(first, second))
    #expect(abs(test.probability - probability) < 1e-9)
    #expect(abs(test.effect - effect) < 1e-12)
  }

  @Test func equalValuesSayNothing() throws {
    let test = try #require(RankTest([2, 2, 2], [2, 2]))
    #expect(test.probability == 1 && test.effect == 0)
    #expect(RankTest([], [1]) == nil && RankTest([1], []) == nil)
  }

  @Test func bothWaysOfCountingAgreeAboutManyValues() throws {
    let first = (0..<50).map { Double($0) }
    let second = (0..<50).map { Double($0) + 12.5 }
    let exact = try #require(RankTest(first, second))
    // One more value, and one tie, and the approximation takes over.
    let approximate = try #require(RankTest(first + [25], second + [25]))
    #expect(exact.probability < 0.02 && abs(exact.probability - approximate.probability) < 0.005)
  }
}
