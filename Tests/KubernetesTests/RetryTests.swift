import NIOHTTP1
import Testing

@testable import Kubernetes

/// What is asked again, and after how long; the server is one that answers as the API's documents say an overloaded one
/// does (kubernetes.io, "API Priority and Fairness"; RFC 6585 and 9110 for 429, 503 and Retry-After).
@Suite struct RetryTests {
  private typealias Reply = ScriptedServer.Reply

  @Test func aServerThatHasTooMuchToDoGetsThePauseThatItAsksFor() async throws {
    try await ClientFixture.with { question, before in
      if let known = ClientFixture.discovery(question) { return known }
      return before < 2
        ? Reply(ClientFixture.status(429, "TooManyRequests"), status: 429, headers: [("retry-after", "7")])
        : Reply(ClientFixture.object("a", version: 5))
    } _: { fixture in
      let object = try await fixture.client.get(ClientFixture.reference("a"))
      #expect(object.resourceVersion == "5")
      #expect(fixture.clock.sleeps == [.milliseconds(7_100), .milliseconds(7_100)])
    }
  }

  @Test func aPauseOfMoreThanAMinuteIsLeftToTheCaller() async throws {
    try await ClientFixture.with { question, _ in
      ClientFixture.discovery(question)
        ?? Reply(ClientFixture.status(429, "TooManyRequests"), status: 429, headers: [("retry-after", "61")])
    } _: { fixture in
      let error = await #expect(throws: KubernetesError.self) {
        try await fixture.client.get(ClientFixture.reference("a"))
      }
      #expect(error?.code == .tooManyRequests)
      #expect(error?.retryAfter == .seconds(61))
      #expect(fixture.clock.sleeps.isEmpty)
    }
  }

  @Test func readingIsTriedAgainWithGrowingPauses() async throws {
    try await ClientFixture.with { question, before in
      if let known = ClientFixture.discovery(question) { return known }
      return before < 4 ? Reply("", ending: .cut) : Reply(ClientFixture.object("a", version: 5))
    } _: { fixture in
      _ = try await fixture.client.get(ClientFixture.reference("a"))
      #expect(fixture.clock.sleeps == [200, 400, 800, 1_600].map { Duration.milliseconds($0) })
    }
  }

  @Test func triesAreBounded() async throws {
    try await ClientFixture.with { question, _ in
      ClientFixture.discovery(question) ?? Reply("", status: 503)
    } _: { fixture in
      await #expect(throws: KubernetesError.self) { try await fixture.client.get(ClientFixture.reference("a")) }
      #expect(fixture.server.questions.count { $0.path.hasSuffix("/a") } == 5)
    }
  }

  @Test(arguments: [true, false])
  func creatingIsNotTriedAgainWhereItMayHaveBeenDone(_ isCut: Bool) async throws {
    try await ClientFixture.with { question, _ in
      ClientFixture.discovery(question) ?? Reply("", status: 503, ending: isCut ? .cut : .whole)
    } _: { fixture in
      let body = try JSONBody(node(ClientFixture.object("a", version: 1)))
      await #expect(throws: KubernetesError.self) {
        try await fixture.client.create(body, as: ClientFixture.reference("a"), WriteOptions(fieldManager: "tests"))
      }
      #expect(fixture.server.questions.count { $0.method == .POST } == 1)
    }
  }

  @Test(arguments: [
    (503, 1, true), (503, 4, true), (503, 5, false), (500, 1, true), (500, 2, false), (409, 1, false), (403, 1, false),
    (422, 1, false),
  ])
  func theCodeAndTheNumberOfTriesDecide(_ code: Int, _ attempt: Int, _ isTried: Bool) throws {
    let status = try #require(Status(node(ClientFixture.status(code, ""))))
    let error = AnswerFailure.error(of: status, hidesValues: false)
    let pause = RetryPolicy(attempts: 5).pause(after: error, attempt: attempt, isRepeatable: true, fraction: 0.5)
    #expect((pause != nil) == isTried)
  }
}
