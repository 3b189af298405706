import Testing

@testable import Kubernetes

@Suite struct NameTests {
  @Test(arguments: [
    (NameRule.subdomain, "web-1.example"), (.subdomain, "1"), (.label, "shop"), (.letterFirstLabel, "web"),
    (.pathSegment, "system:node"), (.pathSegment, "a b"), (.qualified, "App_1.x"), (.labelValue, ""),
    (.labelValue, "v1.2"),
  ])
  func goodNamesPass(_ rule: NameRule, _ name: String) throws { try rule.check(name) }

  @Test(arguments: [
    (NameRule.subdomain, ""), (.subdomain, "Web"), (.subdomain, "a..b"), (.subdomain, "-a"), (.subdomain, "a-"),
    (.subdomain, String(repeating: "a", count: 254)), (.label, "a.b"), (.label, String(repeating: "a", count: 64)),
    (.letterFirstLabel, "1a"), (.pathSegment, ".."), (.pathSegment, "."), (.pathSegment, "a/b"),
    (.pathSegment, "a%2fb"),
    (.pathSegment, ""), (.pathSegment, "a\u{0}b"), (.qualified, "é"), (.qualified, "_a"), (.labelValue, "a b"),
  ])
  func badNamesDont(_ rule: NameRule, _ name: String) {
    #expect(throws: NameError.self) { try rule.check(name) }
  }

  @Test(arguments: [("app.kubernetes.io/name", "app.kubernetes.io" as String?), ("app", nil)])
  func keysOfLabelsHaveAPrefixOrNone(_ key: String, _ prefix: String?) throws {
    #expect(try QualifiedName(key).prefix == prefix)
    #expect(try QualifiedName(key).description == key)
  }

  @Test(arguments: ["/name", "a/", "a/b/c", "A.b/c", "a/-"]) func otherKeysAreRefused(_ key: String) {
    #expect(throws: NameError.self) { try QualifiedName(key) }
  }

  @Test(arguments: [("apps/v1", "apps", "v1"), ("v1", "", "v1")])
  func apiVersionsAreGroupAndVersion(_ text: String, _ group: String, _ version: String) {
    #expect(GroupVersion(apiVersion: text) == GroupVersion(group: group, version: version))
    #expect(GroupVersion(apiVersion: text).description == text)
  }

  private let deployments = APIResource(
    GroupVersionKind(apiVersion: "apps/v1", kind: "Deployment"), name: "deployments", isNamespaced: true)
  private let roles = APIResource(
    GroupVersionKind(apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole"), name: "clusterroles",
    isNamespaced: false)

  @Test func pathsAreTheServers() throws {
    #expect(try APIPath(deployments, namespace: nil).description == "/apis/apps/v1/deployments")
    #expect(
      try APIPath(deployments, namespace: "shop", name: "web", subresource: "status").description
        == "/apis/apps/v1/namespaces/shop/deployments/web/status")
    #expect(
      try APIPath(roles, namespace: nil, name: "system:node").description
        == "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode")
    #expect(try APIPath(ClientFixture.resource, namespace: "shop").description == "/api/v1/namespaces/shop/configmaps")
  }

  @Test(arguments: ["..", "a/b", "%2e%2e", "", "a\nb"]) func noNameLeadsToAnotherPlace(_ name: String) {
    #expect(throws: KubernetesError.self) { try APIPath(deployments, namespace: "shop", name: name) }
    #expect(throws: KubernetesError.self) { try APIPath(deployments, namespace: name, name: "web") }
    #expect(throws: KubernetesError.self) { try APIPath(segments: ["apis", name]) }
  }

  @Test func anObjectOfANamespaceNeedsOne() {
    #expect(throws: KubernetesError.self) { try APIPath(deployments, namespace: nil, name: "web") }
  }
}
