import MooringModel
import Testing

@testable import Mooring

@Suite("Which environments are gone through") struct NewsOfEnvironmentsTests {
  private let news = NewsOfEnvironments()
  private let start = ContinuousClock.now

  private func environment(_ name: String) throws -> EnvironmentName { try EnvironmentName(name) }

  @Test func allOfThemFirstAndThenThoseThatSomethingHappenedTo() throws {
    news.note(try environment("a"))
    #expect(news.take(at: start) == nil)
    #expect(news.take(at: start) == [])
    news.note(try environment("a"))
    news.note(try environment("b"))
    #expect(news.take(at: start + .seconds(9)) == [try environment("a"), try environment("b")])
    #expect(news.take(at: start + .seconds(9)) == [])
  }

  @Test func allOfThemAgainAfterAWhile() throws {
    #expect(news.take(at: start) == nil)
    #expect(news.take(at: start + .seconds(10)) == nil)
    #expect(news.take(at: start + .seconds(11)) == [])
  }

  @Test func allOfThemWhereSomethingWentWrong() throws {
    #expect(news.take(at: start) == nil)
    news.again()
    #expect(news.take(at: start) == nil)
  }
}
