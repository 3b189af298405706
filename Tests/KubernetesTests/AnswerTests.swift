import Testing

@testable import Kubernetes

/// What a server says that it shouldn't, and what becomes of it.
@Suite struct AnswerTests {
  private typealias Reply = ScriptedServer.Reply

  private func error(
    from reply: ScriptedServer.Reply, requestTimeout: Duration = .seconds(20)
  ) async throws -> KubernetesError? {
    try await ClientFixture.with(requestTimeout: requestTimeout) { question, _ in
      ClientFixture.discovery(question) ?? reply
    } _: { fixture in
      await #expect(throws: KubernetesError.self) { try await fixture.client.get(ClientFixture.reference("a")) }
    }
  }

  @Test func aRedirectIsNotFollowedAndNoCredentialGoesThere() async throws {
    try await ScriptedServer.run { _, _ in
      Reply("{}")
    } _: { other, port in
      let error = try await error(
        from: Reply("", status: 302, headers: [("location", "http://127.0.0.1:\(port)/api/v1/namespaces")]))
      #expect(error?.code == .malformed)
      #expect(other.questions.isEmpty)
    }
  }

  @Test(arguments: ["garbage", "", "{\"metadata\":", "[]", "{}", "{\"metadata\":{\"name\":7}}", "\u{0}"])
  func whatIsNoObjectIsSaidToBeNone(_ body: String) async throws {
    #expect(try await error(from: Reply(body))?.code == .malformed)
  }

  @Test func anAnswerWithoutEndIsCutOff() async throws {
    let error = try await error(from: Reply(String(repeating: " ", count: 2 << 20)))
    #expect(error?.code == .tooLarge)
    #expect(error?.request == "get ConfigMap shop/a")
  }

  @Test func anAnswerThatStopsInTheMiddleIsNotWaitedForForever() async throws {
    let error = try await error(from: Reply("{", ending: .silence), requestTimeout: .milliseconds(100))
    #expect(error?.code == .timedOut)
  }

  @Test(arguments: [
    (401, "Unauthorized", KubernetesError.Code.unauthorized), (403, "Forbidden", .forbidden),
    (404, "NotFound", .notFound), (409, "AlreadyExists", .alreadyExists), (409, "Conflict", .conflict),
    (410, "Expired", .expired), (413, "RequestEntityTooLarge", .tooLarge), (422, "Invalid", .invalid),
    (405, "MethodNotAllowed", .unsupported),
  ])
  func theServersRefusalsAreTold(_ code: Int, _ reason: String, _ expected: KubernetesError.Code) async throws {
    let error = try await error(from: Reply(ClientFixture.status(code, reason, "because"), status: code))
    #expect(error?.code == expected)
    #expect(error?.message == "because")
    #expect(error?.status?.reason == reason)
  }

  @Test func aRefusalThatIsNoStatusIsItsCode() async throws {
    let error = try await error(from: Reply("<html>", status: 404))
    #expect(error?.code == .notFound)
    #expect(error?.message == "the server answered 404 Not Found")
  }

  @Test func whatIsWrongWithASecretIsToldWithoutItsValues() async throws {
    let details =
      #"{"name":"s","kind":"Secret","causes":[{"reason":"FieldValueInvalid","message":"Invalid value: \"hunter2\"","field":"data.p"}]}"#
    try await ClientFixture.with { question, _ in
      ClientFixture.discovery(question)
        ?? Reply(
          ClientFixture.status(422, "Invalid", "Secret is invalid: data.p: \\\"hunter2\\\"", details: details),
          status: 422)
    } _: { fixture in
      let secret = ObjectReference(GroupVersionKind(apiVersion: "v1", kind: "Secret"), namespace: "shop", name: "s")
      let error = await #expect(throws: KubernetesError.self) {
        try await fixture.client.apply(JSONBody(node("{}")), to: secret, WriteOptions(fieldManager: "tests"))
      }
      #expect(error?.message == "Invalid data.p")
      #expect(!String(reflecting: error).contains("hunter2"))
    }
  }

  @Test func noErrorHoldsTheToken() async throws {
    let error = try await error(from: Reply("", status: 401))
    #expect(!String(reflecting: error).contains("secret-token"))
  }
}
