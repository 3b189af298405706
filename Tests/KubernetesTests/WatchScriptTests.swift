import NIOCore
import Testing

@testable import Kubernetes

/// Watches that break, by a server that answers as kubernetes.io, "Kubernetes API Concepts" ("Efficient detection of
/// changes", "410 Gone responses", "Watch bookmarks") says servers do.
@Suite(.timeLimit(.minutes(1))) struct WatchScriptTests {
  private typealias Reply = ScriptedServer.Reply

  /// The first events of a watch, one line each.
  private func events(
    _ count: Int, silence: Duration = .seconds(20), maximumAnswer: Int = 1 << 20, hasOpenings: Bool = false,
    answering answer: @escaping @Sendable (ScriptedServer.Question, Int) -> ScriptedServer.Reply
  ) async throws -> (events: [String], questions: [String], sleeps: [Duration]) {
    try await ClientFixture.with(silence: silence, maximumAnswer: maximumAnswer, answering: answer) { fixture in
      var told: [String] = []
      for try await event in fixture.client.watch(ClientFixture.resource, namespace: "shop") {
        if case .opened = event, !hasOpenings { continue }
        told.append(Self.text(event))
        if told.count == count { break }
      }
      return (told, fixture.server.questions.map(\.uri), fixture.clock.sleeps)
    }
  }

  private static func text(_ event: WatchEvent) -> String {
    switch event {
    case .added(let object): "added \(object.name) \(object.resourceVersion ?? "")"
    case .modified(let object): "modified \(object.name) \(object.resourceVersion ?? "")"
    case .deleted(let object): "deleted \(object.name)"
    case .vanished(let key): "vanished \(key.namespace ?? "")/\(key.name)"
    case .synced(let version): "synced \(version)"
    case .opened: "opened"
    case .bookmark(let version): "bookmark \(version)"
    case .interrupted(let error): "interrupted \(error.code)"
    }
  }

  @Test func aWatchThatTheServerEndsGoesOnWhereItWas() async throws {
    let result = try await events(5) { question, before in
      guard question.has("watch=true") else {
        return Reply(ClientFixture.list([ClientFixture.object("a", version: 3)], version: 10))
      }
      // The list had the same path.
      return before == 1
        ? Reply(
          ClientFixture.event("MODIFIED", ClientFixture.object("a", version: 12))
            + ClientFixture.event("BOOKMARK", #"{"metadata":{"resourceVersion":"20"}}"#))
        : Reply(ClientFixture.event("DELETED", ClientFixture.object("a", version: 21)), ending: .silence)
    }
    #expect(result.events == ["added a 3", "synced 10", "modified a 12", "bookmark 20", "deleted a"])
    #expect(result.questions[1].contains("resourceVersion=10&"))
    #expect(result.questions[2].contains("resourceVersion=20&"))
    #expect(result.sleeps.isEmpty)
  }

  @Test(arguments: [true, false])
  func whatTheServerNoLongerKeepsIsListedAnewAndOnlyDifferencesAreTold(_ isInTheMiddle: Bool) async throws {
    let expired = ClientFixture.status(410, "Expired")
    let result = try await events(8) { question, before in
      switch (question.has("watch=true"), before) {
      case (false, 0):
        return Reply(
          ClientFixture.list(["a", "b", "c"].map { ClientFixture.object($0, version: 3) }, version: 10))
      case (true, 1):
        return isInTheMiddle ? Reply(ClientFixture.event("ERROR", expired)) : Reply(expired, status: 410)
      case (false, _):
        let objects = [("a", 3), ("b", 15), ("d", 16)].map { ClientFixture.object($0.0, version: $0.1) }
        return Reply(ClientFixture.list(objects, version: 20))
      default: return Reply("", ending: .silence)
      }
    }
    #expect(
      result.events == [
        "added a 3", "added b 3", "added c 3", "synced 10", "interrupted expired", "modified b 15", "added d 16",
        "vanished shop/c",
      ])
  }

  @Test func aWatchThatSaysNothingIsOpenedAnew() async throws {
    let result = try await events(4, silence: .seconds(2)) { question, before in
      guard question.has("watch=true") else { return Reply(ClientFixture.list([], version: 10)) }
      return before == 1
        ? Reply(ClientFixture.event("ADDED", ClientFixture.object("a", version: 12)), ending: .silence)
        : Reply(ClientFixture.event("MODIFIED", ClientFixture.object("a", version: 13)), ending: .silence)
    }
    #expect(result.events == ["synced 10", "added a 12", "interrupted timedOut", "modified a 13"])
    #expect(result.questions[2].contains("resourceVersion=12&"))
  }

  @Test func aWatchThatIsCutGoesOnWithGrowingPauses() async throws {
    let result = try await events(5) { question, before in
      guard question.has("watch=true") else { return Reply(ClientFixture.list([], version: 10)) }
      return before < 4
        ? Reply(#"{"type":"ADDED","obj"#, ending: .cut)
        : Reply(ClientFixture.event("ADDED", ClientFixture.object("a", version: 12)), ending: .silence)
    }
    #expect(
      result.events == [
        "synced 10", "interrupted unreachable", "interrupted unreachable", "interrupted unreachable", "added a 12",
      ])
    #expect(result.sleeps == [200, 400].map { Duration.milliseconds($0) })
  }

  @Test func thatTheWatchIsOpenIsToldAndAgainAfterAnInterruptionAndNotWhenTheServerEndsIt() async throws {
    let result = try await events(6, hasOpenings: true) { question, before in
      guard question.has("watch=true") else { return Reply(ClientFixture.list([], version: 10)) }
      switch before {
      case 1: return Reply("")
      case 2: return Reply(ClientFixture.event("ADDED", ClientFixture.object("a", version: 11)), ending: .cut)
      default: return Reply(ClientFixture.event("ADDED", ClientFixture.object("b", version: 12)), ending: .silence)
      }
    }
    #expect(
      result.events == ["synced 10", "opened", "added a 11", "interrupted unreachable", "opened", "added b 12"])
  }

  @Test(arguments: [
    "garbage\n", "{}\n", #"{"type":"ADDED","object":{}}"# + "\n", #"{"type":"NEW","object":{}}"# + "\n",
  ])
  func whatIsNoEventEndsTheWatch(_ line: String) async throws {
    await #expect(throws: KubernetesError.self) {
      try await events(2) { question, _ in
        question.has("watch=true") ? Reply(line, ending: .silence) : Reply(ClientFixture.list([], version: 10))
      }
    }
  }

  @Test func anEventWithoutEndEndsTheWatch() async throws {
    let error = await #expect(throws: KubernetesError.self) {
      try await events(2, maximumAnswer: 1_000) { question, _ in
        question.has("watch=true")
          ? Reply(String(repeating: "x", count: 2_000), ending: .silence) : Reply(ClientFixture.list([], version: 10))
      }
    }
    #expect(error?.code == .tooLarge)
  }

  @Test func aListWhoseStateIsLostBeginsAgain() async throws {
    let result = try await events(5) { question, before in
      if question.has("continue=lost") { return Reply(ClientFixture.status(410, "Expired"), status: 410) }
      if question.has("continue=next") {
        return Reply(ClientFixture.list([ClientFixture.object("c", version: 4)], version: 11))
      }
      let (name, version, next) = before == 0 ? ("a", 3, "lost") : ("b", 9, "next")
      return Reply(ClientFixture.list([ClientFixture.object(name, version: version)], version: 10, next: next))
    }
    #expect(result.events == ["added a 3", "added b 9", "added c 4", "vanished shop/a", "synced 11"])
    #expect(result.questions.allSatisfy { $0.contains("limit=2") })
  }

  @Test func linesAreCutWhereverTheyWereTornApart() throws {
    var framer = LineFramer(limit: 10)
    var lines: [String] = []
    for part in ["ab", "c\n\nde", "f\ngh\ni", "", "j\n"] {
      framer.append(ByteBuffer(string: part))
      while let line = try framer.next() { lines.append(String(decoding: line, as: UTF8.self)) }
    }
    #expect(lines == ["abc", "def", "gh", "ij"])
    #expect(!framer.isInLine)
  }
}
