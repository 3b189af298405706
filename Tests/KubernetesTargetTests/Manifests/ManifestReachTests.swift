import MooringModel
import Testing

@testable import KubernetesTarget

@Suite("Where a release's objects may be") struct ManifestReachTests {
  private static let map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: NAMESPACE}}"
  private static let role =
    "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r}, rules: []}"

  private static func namespace(_ name: String) -> String {
    "{apiVersion: v1, kind: Namespace, metadata: {name: \(name)}}"
  }
  private static func map(_ namespace: String) -> String { map.replacing("NAMESPACE", with: namespace) }

  /// Manifests, the other namespaces of an environment in `shop`, and whether it may have objects of the whole cluster;
  /// what is said.
  static let cases: [(text: String, namespaces: [String], clusterObjects: Bool, fault: String?)] = [
    (map("shop"), [], false, nil), (map("jobs"), ["jobs"], false, nil),
    (map("kube-system"), ["jobs"], false, "configmap/kube-system/a goes to the namespace kube-system"),
    (map("kube-system"), [], true, "configmap/kube-system/a goes to the namespace kube-system"),
    (namespace("shop"), [], false, nil), (namespace("jobs"), ["jobs"], false, nil),
    (namespace("kube-system"), ["jobs"], false, "namespace/kube-system belongs to the whole cluster"),
    (namespace("kube-system"), [], true, nil),
    (role, ["jobs"], false, "clusterrole/r belongs to the whole cluster"), (role, [], true, nil),
  ]

  @Test(arguments: cases) func isSaidByTheOperatorAlone(
    _ text: String, _ namespaces: [String], _ clusterObjects: Bool, _ expected: String?
  ) throws {
    var fault: Fault?
    do {
      _ = try Release.manifests("# first\n" + text) {
        $0.namespaces = namespaces
        $0.clusterObjects = clusterObjects
      }
    } catch let error as Fault { fault = error }
    #expect(fault?.what.hasPrefix(expected ?? "nothing") == expected.map { _ in true })
    #expect(fault?.place == expected.map { _ in "all.yaml:2" })
    #expect(fault?.remedy?.contains("namespaces") ?? true || text == Self.role)
    #expect(fault?.code == expected.map { _ in .refusedContent })
  }
}
