import NIOHTTP1
import Testing

@testable import Kubernetes

/// Discovery of servers that the tests can't start.
@Suite struct DiscoveryScriptTests {
  private typealias Reply = ScriptedServer.Reply

  /// Aggregated discovery as of kubernetes.io, "The Kubernetes API" ("Aggregated discovery"), and the types of
  /// `k8s.io/api/apidiscovery/v2/types.go`.
  @Test func aServerThatAggregatesIsAskedTwice() async throws {
    try await ClientFixture.with { question, _ in
      question.path == "/api"
        ? Reply(
          """
          {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[
          {"metadata":{},"versions":[{"version":"v1","freshness":"Current","resources":[
          {"resource":"pods","responseKind":{"group":"","version":"v1","kind":"Pod"},"scope":"Namespaced","singularResource":"pod",
           "verbs":["get","list"],"shortNames":["po"],"subresources":[{"subresource":"status","responseKind":{"kind":"Pod"},"verbs":["get"]}]}]}]}]}
          """)
        : Reply(
          """
          {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[
          {"metadata":{"name":"autoscaling"},"versions":[
           {"version":"v2","freshness":"Current","resources":[{"resource":"horizontalpodautoscalers","responseKind":{"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced","verbs":["get"]}]},
           {"version":"v1","freshness":"Current","resources":[{"resource":"horizontalpodautoscalers","responseKind":{"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced","verbs":["get"]}]}]},
          {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}]}
          """)
    } _: { fixture in
      let catalogue = try await fixture.client.resources()
      let pods = try #require(catalogue[GroupVersionKind(apiVersion: "v1", kind: "Pod")])
      #expect(pods.name == "pods" && pods.isNamespaced && pods.subresources == ["status"] && pods.shortNames == ["po"])
      #expect(
        catalogue[GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler")]?.kind.version == "v2")
      #expect(catalogue.unavailable.keys.map(\.description) == ["metrics.k8s.io/v1beta1"])
      #expect(fixture.server.questions.count == 2)
      #expect(fixture.server.questions[0].headers.first(name: "accept")?.contains("as=APIGroupDiscoveryList") == true)
    }
  }

  /// An aggregated API whose server is down answers 503 (kubernetes.io, "Kubernetes API Aggregation Layer").
  @Test func aGroupThatDoesNotAnswerIsNamedAndHidesNoOther() async throws {
    try await ClientFixture.with { question, _ in
      switch question.path {
      case "/apis":
        Reply(
          """
          {"kind":"APIGroupList","groups":[{"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1beta1","version":"v1beta1"}],
          "preferredVersion":{"groupVersion":"metrics.k8s.io/v1beta1","version":"v1beta1"}}]}
          """)
      case "/apis/metrics.k8s.io/v1beta1": Reply("service unavailable", status: 503)
      default: ClientFixture.discovery(question) ?? Reply("", status: 404)
      }
    } _: { fixture in
      let found = try await fixture.client.resource(for: ClientFixture.configMap)
      #expect(found.name == "configmaps")
      let error = await #expect(throws: KubernetesError.self) {
        try await fixture.client.resource(
          for: GroupVersionKind(apiVersion: "metrics.k8s.io/v1beta1", kind: "PodMetrics"))
      }
      #expect(error?.code == .serverFailure)
      #expect(error?.message.contains("metrics.k8s.io/v1beta1") == true)
    }
  }

  @Test func anUnknownKindIsAskedForOnceInAWhile() async throws {
    try await ClientFixture.with { question, _ in
      ClientFixture.discovery(question) ?? Reply("", status: 404)
    } _: { fixture in
      let kind = GroupVersionKind(apiVersion: "v1", kind: "Nothing")
      for _ in 0..<3 {
        let error = await #expect(throws: KubernetesError.self) { try await fixture.client.resource(for: kind) }
        #expect(error?.code == .unsupported)
      }
      #expect(fixture.server.questions.count { $0.path == "/apis" } == 1)
      fixture.clock.advance(by: .seconds(11))
      await #expect(throws: KubernetesError.self) { try await fixture.client.resource(for: kind) }
      #expect(fixture.server.questions.count { $0.path == "/apis" } == 2)
    }
  }

  @Test func manyWhoAskAtOnceShareOneAnswer() async throws {
    try await ClientFixture.with { question, _ in
      ClientFixture.discovery(question) ?? Reply("", status: 404)
    } _: { fixture in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<20 {
          group.addTask { _ = try await fixture.client.resource(for: ClientFixture.configMap) }
        }
        try await group.waitForAll()
      }
      #expect(fixture.server.questions.count == 3)
    }
  }

  @Test(arguments: [("1", "31", "1.31"), ("1", "27+", "1.27")])
  func versionsAreRead(_ major: String, _ minor: String, _ text: String) throws {
    #expect(try ServerVersion(node(#"{"major":"\#(major)","minor":"\#(minor)"}"#)).description == text)
  }
}
