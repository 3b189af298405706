import Documents
import Kubernetes
import Testing

@testable import KubernetesTarget

@Suite("Who has set which fields") struct FieldOwnersTests {
  static let object = """
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      managedFields:
        - {manager: mooring-shop, operation: Apply, apiVersion: v1, time: '2026-01-01T00:00:00Z', fieldsType: FieldsV1,
           fieldsV1: {"f:spec": {"f:type": {}, "f:ports": {'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:port": {}}}}}}
        - {manager: kubectl-edit, operation: Update, apiVersion: v1, time: '2026-01-02T00:00:00Z', fieldsType: FieldsV1,
           fieldsV1: {"f:spec": {"f:type": {}, "f:ports": {'k:{"port":81,"protocol":"TCP"}': {".": {}, "f:name": {}, "f:port": {}}}}}}
        - {manager: other, operation: Update, apiVersion: v1, time: '2026-01-03T00:00:00Z', fieldsType: FieldsV1,
           fieldsV1: {"f:spec": {"f:sessionAffinity": {}}}}
        - {manager: kube-controller-manager, operation: Update, apiVersion: v1, time: '2026-01-04T00:00:00Z', fieldsType: FieldsV1,
           fieldsV1: {"f:spec": {"f:clusterIP": {}, "f:sessionAffinity": {}}}}
        - {manager: someone, operation: Update, subresource: status, apiVersion: v1, fieldsType: FieldsV1,
           fieldsV1: {"f:status": {"f:x": {}}}}
    spec:
      type: ClusterIP
      ports: [{port: 80, protocol: TCP}, {name: b, port: 81, protocol: TCP}]
    """

  private func owners(ignoring: Set<String> = []) throws -> FieldOwners {
    try FieldOwners(of: Release.object(Self.object), ours: "mooring-shop", ignoring: ignoring)
  }

  private func paths(_ set: FieldSet?) -> [String] { set?.paths.map(\.description) ?? [] }

  @Test func fieldsAreOursOthersOrTheClusters() throws {
    let owners = try owners()
    #expect(
      paths(owners.ours) == [
        "spec.ports[port,protocol=80,TCP]", "spec.ports[port,protocol=80,TCP].port", "spec.type",
      ])
    #expect(
      paths(owners.others) == [
        "spec.ports[port,protocol=81,TCP]", "spec.ports[port,protocol=81,TCP].name",
        "spec.ports[port,protocol=81,TCP].port", "spec.sessionAffinity",
      ])
    #expect(paths(owners.cluster) == ["spec.clusterIP"])
  }

  @Test func whoIsIgnoredCountsAsTheCluster() throws {
    let owners = try owners(ignoring: ["other"])
    #expect(paths(owners.cluster) == ["spec.clusterIP", "spec.sessionAffinity"])
  }

  @Test(arguments: [
    ("spec.type", "kubectl-edit"), ("spec.ports[name=b].port", "kubectl-edit"), ("spec.ports[name=b]", "kubectl-edit"),
    ("spec.sessionAffinity", "other"), ("spec.clusterIP", nil), ("spec.ports[0].port", nil),
  ]) func theAuthorIsWhoeverHasTheField(_ path: String, _ manager: String?) throws {
    let author = try owners().author(of: FieldPath(parsing: path), in: Release.object(Self.object).root)
    #expect(author?.manager == manager)
  }
}
