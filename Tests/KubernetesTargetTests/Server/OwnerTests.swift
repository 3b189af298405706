import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: two environments of one name, each with its inventory in a namespace of its own.
@Suite("Two environments of one name", .inTurn) struct OwnerTests {
  private static func role(_ site: LiveEnvironment, _ verb: String) -> String {
    """
    {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: \(site.namespace)},
     rules: [{apiGroups: [''], resources: [pods], verbs: [\(verb)]}]}

    """
  }

  @Test(arguments: [true, false]) func contradictEachOtherInsteadOfSharing(_ check: Bool) async throws {
    let first = try await LiveEnvironment(environment: "production") { $0.clusterObjects = true }
    let second = try await LiveEnvironment(environment: "production") {
      $0.clusterObjects = true
      $0.namespaces = [first.namespace]
      $0.onConflict = .force
      $0.check = check
    }
    let map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: \(first.namespace)}, data: {x: '1'}}\n"
    let release = try first.contents(Samples.all(Self.role(first, "get"), map))
    try await first.deploy(release)
    let role = ObjectReference(
      GroupVersionKind(apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole"), namespace: nil,
      name: first.namespace)
    let before = try #require(try await first.client.find(role))
    #expect(before.label("mooring.dev/environment-namespace") == first.namespace)

    // The same values, and others; also where what somebody changed is gone over.
    for (text, overwriting) in [(Self.role(first, "get"), false), (Self.role(first, "list"), true), (map, false)] {
      let fault = try await second.refusal(of: Samples.all(text, Samples.map("own")), overwriting: overwriting)
      #expect(fault?.code == .conflict)
      #expect(fault?.what.contains("belongs to another environment") == true, "\(String(describing: fault))")
    }
    // What the second has on record without ever having made it isn't deleted by it.
    try await second.deploy(Samples.map("own"))
    #expect(try await first.client.find(role)?.resourceVersion == before.resourceVersion)
    #expect(try await first.get("ConfigMap", "a") != nil)
    #expect(try await first.drift(from: release) == [])
    try await first.client.delete(role)
  }

  @Test func areSaidApartWhereOneHasNowWhatTheOtherMade() async throws {
    let first = try await LiveEnvironment(environment: "production")
    try await first.deploy(Samples.all(Samples.map("a"), Samples.map("b")))
    try await first.patch(
      first.reference("ConfigMap", "b"), "{metadata: {labels: {mooring.dev/environment-namespace: elsewhere}}}")
    let said = try await first.deploy(Samples.map("a"))
    #expect(
      said[.activate]?.contains("b stays: it belongs to the environment production of the namespace elsewhere now")
        == true,
      "\(said)")
  }

  @Test func anEnvironmentAndANamespaceOfTooLongNamesAreRefused() async throws {
    let long = String(repeating: "n", count: 63)
    let site = try await LiveEnvironment(namespace: long, environment: String(repeating: "e", count: 60))
    #expect(try await site.refusal(of: Samples.map("a"))?.code == .configuration)
  }
}
