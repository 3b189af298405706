import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

@Suite("Which objects a release has") struct ManifestSetTests {
  @Test func objectsThatNameNoNamespaceGoToTheEnvironments() throws {
    let manifests = try Release.manifests(
      """
      {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
      ---
      {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: other}}
      ---
      {apiVersion: v1, kind: Namespace, metadata: {name: shop, namespace: nonsense}}
      ---
      {apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: tls}}
      ---
      {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web}}
      """)
    #expect(
      manifests.map(\.name.string) == [
        "configmap/shop/a", "configmap/other/a", "namespace/shop", "certificate.cert-manager.io/shop/tls",
        "ingress/shop/web",
      ])
  }

  @Test func oneObjectInTwoVersionsStandsInTheReleaseTwice() throws {
    let fault = #expect(throws: Fault.self) {
      try Release.manifests(
        """
        {apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler, metadata: {name: a}}
        ---
        {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}}
        """)
    }
    #expect(fault?.place == "all.yaml:3")
    #expect(fault?.what == "horizontalpodautoscaler/shop/a stands in the release twice, also at all.yaml:1")
  }

  static let names: [(metadata: String, message: String)] = [
    ("{name: ../../kube-system/secrets/x}", "may hold no slash"), ("{name: '..'}", "would lead to another place"),
    ("{name: a%2fb}", "may hold no slash, per cent sign"), ("{name: a, namespace: ../kube-system}", "may hold only"),
    ("{name: a, namespace: '..'}", "may hold only"), ("{name: \"a\\nb\"}", "control character"),
  ]

  @Test(arguments: names) func aNameThatLeadsElsewhereIsNone(_ metadata: String, _ message: String) throws {
    let fault = #expect(throws: Fault.self) {
      try Release.manifests("{apiVersion: v1, kind: ConfigMap, metadata: \(metadata)}")
    }
    #expect(fault?.code == .refusedContent)
    #expect(fault?.what.contains(message) == true, "\(fault?.what ?? "")")
  }

  @Test func aKindIsTheServersOrTheReleasesOwn() throws {
    let object = "{apiVersion: own.example.com/v1, kind: Widget, metadata: {name: a}}"
    let fault = #expect(throws: Fault.self) { try Release.manifests(object) }
    #expect(
      fault?.what == "the cluster has no kind Widget.own.example.com/v1" || fault?.what.contains("no kind") == true)
    let definition = """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.own.example.com}
      spec: {group: own.example.com, scope: Cluster, names: {kind: Widget, plural: widgets}, versions: [{name: v1}]}
      """
    let manifests = try Release.manifests(object + "\n---\n" + definition)
    #expect(manifests.map(\.reference.namespace) == [nil, nil])
  }
}
