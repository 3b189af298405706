import Kubernetes
import MooringModel
import Testing

@testable import KubernetesTarget

@Suite struct NeededRightsTests {
  private static let kinds: [(String, String, String, Bool)] = [
    ("v1", "ConfigMap", "configmaps", true), ("v1", "Namespace", "namespaces", false),
    ("apps/v1", "Deployment", "deployments", true), ("batch/v1", "Job", "jobs", true),
    ("rbac.authorization.k8s.io/v1", "Role", "roles", true),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", true),
    ("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false),
  ]

  private func text(_ manifests: String, _ change: (inout KubernetesTargetOptions) -> Void = { _ in }) throws -> String
  {
    var options = KubernetesTargetOptions(kubeconfig: nil, namespace: "shop")
    change(&options)
    let resources = Self.kinds.map { version, kind, name, isNamespaced in
      APIResource(GroupVersionKind(apiVersion: version, kind: kind), name: name, isNamespaced: isNamespaced)
    }
    let environment = try EnvironmentName("production")
    var needed = NeededRights(
      environment, options, resources: Dictionary(uniqueKeysWithValues: resources.map { ($0.kind, $0) }))
    for manifest in try Release.manifests(manifests) { try needed.add(manifest) }
    return AccessManifest(
      environment: environment, home: "shop", account: try ServiceAccountName("ops/mooring"), rights: needed.rights,
      unknown: []
    ).text
  }

  @Test func aReleaseOfOneDeploymentNeedsThatAndWhatLiesBesideIt() throws {
    let text = try text("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}")
    #expect(
      text == """
        # What ops/mooring needs for the environment production: its release as it is now, and what is there.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: mooring-production, namespace: shop }
        rules:
          - apiGroups: [""]
            resources: [configmaps]
            verbs: [get, list, watch, create, update, delete]
          - apiGroups: [""]
            resources: [events]
            verbs: [list]
          - apiGroups: [""]
            resources: [pods]
            verbs: [list]
          - apiGroups: ["apps"]
            resources: [deployments]
            verbs: [get, list, watch, create, patch, delete]
          - apiGroups: ["apps"]
            resources: [replicasets]
            verbs: [list]
          - apiGroups: ["coordination.k8s.io"]
            resources: [leases]
            verbs: [list, watch, create]
          - apiGroups: ["coordination.k8s.io"]
            resources: [leases]
            verbs: [get, update]
            resourceNames: ["mooring-production"]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: mooring-production, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: mooring-production }
        subjects: [{ kind: ServiceAccount, namespace: ops, name: mooring }]

        """)
  }

  @Test func ofTheWholeClusterOnlyNamedObjectsAndNoNamespaceIsDeletedUnlessThatIsSaid() throws {
    let namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"
    let text = try text(namespace)
    #expect(
      text.contains("verbs: [list, watch, create]\n  - apiGroups: [\"\"]\n    resources: [namespaces]"), "\(text)")
    #expect(text.contains("verbs: [get, patch]\n    resourceNames: [\"shop\"]"), "\(text)")
    let more = try self.text(namespace) { $0.prune.kinds = ["Namespace"] }
    #expect(more.contains("verbs: [get, patch, delete]\n    resourceNames: [\"shop\"]"), "\(more)")
  }

  @Test func whoGivesRightsMayGiveThoseAndNoOthers() throws {
    let text = try text(
      """
      {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader}, rules: []}
      ---
      {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: r},
       roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:view"}, subjects: []}
      """)
    #expect(text.contains("resources: [roles]\n    verbs: [escalate]\n    resourceNames: [\"reader\"]"), "\(text)")
    #expect(
      text.contains("resources: [clusterroles]\n    verbs: [bind]\n    resourceNames: [\"system:view\"]"), "\(text)")
  }

  @Test func aHookIsMadeAnewAndNotLookedAfter() throws {
    let text = try text(
      "{apiVersion: batch/v1, kind: Job, metadata: {name: a, annotations: {mooring.dev/hook: before}}}")
    #expect(text.contains("resources: [jobs]\n    verbs: [get, create, patch, delete]\n"), "\(text)")
    let annotations = "{mooring.dev/hook: before, mooring.dev/hook-delete: succeeded}"
    let map = try self.text("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: \(annotations)}}")
    #expect(
      map.contains("resources: [configmaps]\n    verbs: [get, list, watch, create, update, patch, delete]"), "\(map)")
    let alone = "{kustomize.toolkit.fluxcd.io/reconcile: disabled}"
    let none = try self.text("{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, annotations: \(alone)}}")
    #expect(!none.contains("deployments"), "\(none)")
  }

  @Test func inOtherNamespacesStrangersAreLookedFor() throws {
    let text = try text("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}") { $0.namespaces = ["jobs"] }
    let rules = "rules:\n  - apiGroups: [\"apps\"]\n    resources: [deployments]\n    verbs: [list, watch]\n"
    #expect(text.contains("namespace: jobs }\n" + rules), "\(text)")
    // Another environment of the name, elsewhere, may look there, too.
    #expect(text.contains("metadata: { name: mooring-production.shop, namespace: jobs }"), "\(text)")
    #expect(text.contains("kind: Role, name: mooring-production.shop }"), "\(text)")
  }
}
