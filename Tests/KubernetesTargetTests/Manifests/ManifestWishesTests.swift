import Documents
import Kubernetes
import MooringModel
import Testing

@testable import KubernetesTarget

@Suite("What annotations ask for") struct ManifestWishesTests {
  private static func wishes(_ annotations: String) throws -> ManifestWishes {
    try Release.manifest("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: \(annotations)}}").wishes
  }

  static let understood: [(annotations: String, change: @Sendable (inout ManifestWishes) -> Void)] = [
    ("{}", { _ in }),
    ("{mooring.dev/wave: '-3'}", { $0.wave = -3 }),
    ("{argocd.argoproj.io/sync-wave: '2'}", { $0.wave = 2 }),
    ("{mooring.dev/wave: '1', argocd.argoproj.io/sync-wave: '2'}", { $0.wave = 1 }),
    ("{mooring.dev/hook: before}", { $0.hook = .before }),
    ("{mooring.dev/hook: after}", { $0.hook = .after }),
    ("{argocd.argoproj.io/hook: PreSync}", { $0.hook = .before }),
    ("{argocd.argoproj.io/hook: 'Sync, PostSync'}", { $0.hook = .after }),
    ("{argocd.argoproj.io/hook: Sync}", { _ in }),
    ("{argocd.argoproj.io/hook: SyncFail}", { $0.hook = .never }),
    (
      "{helm.sh/hook: 'pre-install,pre-upgrade', helm.sh/hook-weight: '-5'}",
      {
        $0.hook = .before
        $0.wave = -5
      }
    ),
    ("{helm.sh/hook: post-install}", { $0.hook = .after }),
    ("{helm.sh/hook: test}", { $0.hook = .never }),
    ("{helm.sh/hook: pre-delete}", { $0.hook = .never }),
    ("{helm.sh/hook: crd-install}", { _ in }),
    ("{mooring.dev/prune: disabled}", { $0.isKept = true }),
    ("{kustomize.toolkit.fluxcd.io/prune: disabled}", { $0.isKept = true }),
    ("{helm.sh/resource-policy: keep}", { $0.isKept = true }),
    ("{argocd.argoproj.io/sync-options: 'ServerSideApply=true, Prune=false'}", { $0.isKept = true }),
    ("{argocd.argoproj.io/sync-options: Delete=false}", { $0.isKept = true }),
    ("{mooring.dev/prune: allowed}", { $0.mayBePruned = true }),
    ("{mooring.dev/replace: 'true'}", { $0.replacement = .always }),
    ("{mooring.dev/replace: 'false'}", { _ in }),
    ("{kustomize.toolkit.fluxcd.io/force: enabled}", { $0.replacement = .whereNothingIsLost }),
    ("{argocd.argoproj.io/sync-options: Replace=true}", { _ in }),
    ("{argocd.argoproj.io/sync-options: 'Replace=true,Force=true'}", { $0.replacement = .whereNothingIsLost }),
    ("{argocd.argoproj.io/sync-options: Force=true, mooring.dev/replace: 'true'}", { $0.replacement = .always }),
    ("{argocd.argoproj.io/sync-options: Force=true, mooring.dev/replace: 'false'}", { _ in }),
    ("{kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}", { $0.isOnlyMade = true }),
    ("{kustomize.toolkit.fluxcd.io/reconcile: disabled}", { $0.hook = .leftAlone }),
    ("{kustomize.toolkit.fluxcd.io/ssa: Ignore}", { $0.hook = .leftAlone }),
    ("{kustomize.toolkit.fluxcd.io/ssa: Merge}", { $0.isShared = true }),
    ("{mooring.dev/hook-delete: 'before, failed'}", { $0.hookDeletion = [.before, .failed] }),
    (
      "{argocd.argoproj.io/hook-delete-policy: 'HookSucceeded,HookFailed'}",
      { $0.hookDeletion = [.succeeded, .failed] }
    ),
    (
      "{helm.sh/hook-delete-policy: 'before-hook-creation,hook-succeeded'}",
      { $0.hookDeletion = [.before, .succeeded] }
    ),
    ("{mooring.dev/ignore: 'true'}", { $0.ignores = .everything }),
    (
      "{mooring.dev/ignore: 'spec.replicas, data'}",
      { $0.ignores = .fields([FieldPath(keys: "spec", "replicas"), FieldPath(keys: "data")]) }
    ),
    (
      "{mooring.dev/depends-on: 'deployment/shop/db, namespace/shop'}",
      { $0.dependencies = [ObjectName(written: "deployment/shop/db"), ObjectName(written: "namespace/shop")] }
    ),
    (
      "{config.kubernetes.io/depends-on: 'apps/namespaces/shop/Deployment/db,rbac.authorization.k8s.io/ClusterRole/view'}",
      { $0.dependencies = [ObjectName(written: "deployment/shop/db"), ObjectName(written: "clusterrole/view")] }
    ),
  ]

  @Test(arguments: understood.indices) func whatIsAskedForIsUnderstood(_ index: Int) throws {
    let (annotations, change) = Self.understood[index]
    var expected = ManifestWishes()
    change(&expected)
    #expect(try Self.wishes(annotations) == expected, "\(annotations)")
  }

  static let wrong: [(annotations: String, key: String)] = [
    ("{mooring.dev/wave: first}", "mooring.dev/wave"),
    ("{argocd.argoproj.io/sync-wave: '99999999999999999999'}", "argocd.argoproj.io/sync-wave"),
    ("{mooring.dev/hook: leftAlone}", "mooring.dev/hook"),
    ("{mooring.dev/hook-delete: later}", "mooring.dev/hook-delete"), ("{mooring.dev/hook: never}", "mooring.dev/hook"),
    ("{mooring.dev/hook: During}", "mooring.dev/hook"),
    ("{mooring.dev/ignore: 'spec..replicas'}", "mooring.dev/ignore"),
    ("{config.kubernetes.io/depends-on: Deployment/db}", "config.kubernetes.io/depends-on"),
  ]

  @Test(arguments: wrong) func whatIsNotUnderstoodIsNamed(_ annotations: String, _ key: String) throws {
    let fault = #expect(throws: Fault.self) { try Self.wishes(annotations) }
    #expect(fault?.what.contains(key) == true)
    #expect(fault?.place == "all.yaml:1")
  }
}
