import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: what a release no longer has goes, and nothing else does.
@Suite("Pruning that can't hurt", .inTurn) struct PruningTests {
  private static func ingress(_ version: String) -> String {
    let backend =
      version == "networking.k8s.io/v1"
      ? "{service: {name: web, port: {number: 80}}}" : "{serviceName: web, servicePort: 80}"
    let path = "{path: /, pathType: Prefix, backend: \(backend)}"
    return """
      {apiVersion: \(version), kind: Ingress, metadata: {name: web}, spec: {rules: [{host: a.example.com, http: {paths: [\(path)]}}]}}

      """
  }

  @Test func anObjectThatMovedToAnotherGroupIsTheSameAndStays() async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.all(Samples.map("a"), Self.ingress("extensions/v1beta1")))
    let old = try #require(try await site.get("Ingress", "web", "networking.k8s.io/v1"))
    let release = try site.contents(Samples.all(Samples.map("a"), Self.ingress("networking.k8s.io/v1")))
    let preview = try #require(try await site.target.preview(release))
    #expect(preview.objects.allSatisfy { $0.action != .delete }, "\(preview.objects)")
    let said = try await site.deploy(release)
    #expect(said[.activate]?.contains("deleted 0") == true, "\(said)")
    #expect(try await site.get("Ingress", "web", "networking.k8s.io/v1")?.uid == old.uid)
    #expect(try await site.drift(from: release) == [])
    // It is the new one's from then on.
    try await site.deploy(Samples.map("a"))
    #expect(try await site.get("Ingress", "web", "networking.k8s.io/v1") == nil)
  }

  @Test func aCommitThatEmptiesASmallEnvironmentDeletesNothing() async throws {
    let site = try await LiveEnvironment()
    let small = Samples.all(Samples.deployment(), Samples.service(), Samples.map("a"), Samples.map("b"))
    try await site.deploy(small)
    for text in ["# nothing\n", Samples.map("other")] {
      let fault = try await site.refusal(of: text)
      #expect(
        fault?.what == "the release would delete 4 of 4 objects, and has none of those that are there",
        "\(String(describing: fault))")
      #expect(fault?.remedy?.contains("prune: {share: 100%}") == true)
    }
    let preview = try await site.target.preview(try site.contents(Samples.map("other")))
    #expect(preview?.problem?.what.contains("would delete 4 of 4 objects") == true)
    #expect(try await site.get("ConfigMap", "a") != nil)
    // All but one is somebody's intention.
    try await site.deploy(Samples.map("a"))
    let meant = try await LiveEnvironment(namespace: site.namespace) { $0.prune.share = 1 }
    try await meant.deploy("# nothing\n")
    #expect(try await site.get("ConfigMap", "a") == nil)
  }

  @Test func whatIsSaidToBeDeletedWent() async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.all(Samples.map("a"), Samples.map("b"), Samples.map("c"), Samples.map("d")))
    try await site.patch(site.reference("ConfigMap", "b"), "{metadata: {labels: {mooring.dev/environment: other}}}")
    try await site.kubectl("delete", "configmap", "c")
    let said = try await site.deploy(Samples.map("a"))
    #expect(said[.activate]?.contains("deleted 1, configmap/\(site.namespace)/b stays") == true, "\(said)")
  }
}
