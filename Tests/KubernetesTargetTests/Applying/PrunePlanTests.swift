import Documents
import Kubernetes
import MooringModel
import Testing

@testable import KubernetesTarget

@Suite("What a deployment deletes") struct PrunePlanTests {
  private func reference(_ kind: String, _ name: String, _ version: String = "v1") -> ObjectReference {
    ObjectReference(
      GroupVersionKind(apiVersion: version, kind: kind), namespace: kind == "Namespace" ? nil : "shop", name: name)
  }

  private func inventory(_ items: [ClusterInventory.Item]) -> ClusterInventory { ClusterInventory(items: items) }

  private func names(_ references: [ObjectReference]) -> [String] { references.map { ObjectName($0).string } }

  @Test func whatTheReleaseNoLongerHasGoesAndThatWhichOthersNeedLast() throws {
    let manifests = try Release.manifests("{apiVersion: v1, kind: ConfigMap, metadata: {name: stays}}")
    let plan = try PrunePlan(
      inventory([
        .init(reference: reference("ConfigMap", "stays")), .init(reference: reference("ConfigMap", "goes")),
        .init(reference: reference("Deployment", "web", "apps/v1")),
      ]), for: manifests, .init())
    #expect(names(plan.deletions) == ["deployment/shop/web", "configmap/shop/goes"])
    #expect(plan.kept.isEmpty)
  }

  @Test func anObjectInAnotherVersionIsTheSame() throws {
    let manifests = try Release.manifests("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}")
    let plan = try PrunePlan(
      inventory([.init(reference: reference("Deployment", "web", "apps/v1beta1"))]), for: manifests, .init())
    #expect(plan.deletions.isEmpty)
  }

  @Test func aHookIsNotTheObjectOfItsName() throws {
    let hook = "{name: a, annotations: {mooring.dev/hook: before}}"
    let manifests = try Release.manifests("{apiVersion: v1, kind: ConfigMap, metadata: \(hook)}")
    let plan = try PrunePlan(
      inventory([.init(reference: reference("ConfigMap", "a"))]), for: manifests, .init(share: 1))
    #expect(names(plan.deletions) == ["configmap/shop/a"])
  }

  @Test func whatWentLastIsDeletedFirst() throws {
    let manifests = try Release.manifests("{apiVersion: v1, kind: ConfigMap, metadata: {name: stays}}")
    let plan = try PrunePlan(
      inventory([
        .init(reference: reference("ConfigMap", "stays")), .init(reference: reference("ConfigMap", "late"), wave: 2),
        .init(reference: reference("Deployment", "web", "apps/v1")),
        .init(reference: reference("Deployment", "first", "apps/v1"), wave: -1),
      ]), for: manifests, .init(share: 1))
    #expect(names(plan.deletions) == ["configmap/shop/late", "deployment/shop/web", "deployment/shop/first"])
  }

  @Test func whatIsLeftAloneStaysOnRecord() throws {
    let alone = "{name: a, annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}}"
    let manifests = try Release.manifests("{apiVersion: v1, kind: ConfigMap, metadata: \(alone)}")
    let plan = try PrunePlan(inventory([.init(reference: reference("ConfigMap", "a"))]), for: manifests, .init())
    #expect(plan.deletions.isEmpty && plan.kept.map(\.reason) == ["its annotation says that it is left alone"])
  }

  @Test func whatIsInAnotherGroupNowIsNotDeleted() throws {
    let ingress = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web}}"
    let old = reference("Ingress", "web", "extensions/v1beta1")
    let plan = try PrunePlan(
      inventory([.init(reference: old)]), for: try Release.manifests(ingress), .init(), moved: [Identity(old)])
    #expect(plan.deletions.isEmpty && plan.kept.isEmpty)
  }

  static let kept: [(kind: String, keeping: ClusterInventory.Keeping, kinds: Set<String>, isKept: Bool)] = [
    ("ConfigMap", .ordinary, [], false), ("ConfigMap", .kept, [], true), ("Namespace", .ordinary, [], true),
    ("Namespace", .ordinary, ["Namespace"], false), ("Namespace", .kept, ["Namespace"], true),
    ("Namespace", .allowed, [], false), ("PersistentVolumeClaim", .ordinary, ["Namespace"], true),
    ("PersistentVolumeClaim", .allowed, [], false), ("CustomResourceDefinition", .ordinary, [], true),
    ("PersistentVolume", .ordinary, [], true),
  ]

  @Test(arguments: kept) func whatHoldsOthersOrDataGoesOnlyByAWord(
    _ kind: String, _ keeping: ClusterInventory.Keeping, _ kinds: Set<String>, _ isKept: Bool
  ) throws {
    let plan = try PrunePlan(
      inventory([.init(reference: reference(kind, "a"), keeping: keeping)]), for: [], .init(share: 1, kinds: kinds))
    #expect(plan.deletions.isEmpty == isKept)
    #expect(plan.kept.count == (isKept ? 1 : 0))
  }

  static let shares: [(count: Int, deleted: Int, share: Double, isRollback: Bool, isRefused: Bool)] = [
    (10, 5, 0.5, false, false), (10, 6, 0.5, false, true), (10, 6, 0.5, true, false), (9, 8, 0.5, false, false),
    (9, 9, 0.5, false, true), (1, 1, 0.5, false, true), (9, 9, 0.5, true, false), (9, 9, 1, false, false),
    (0, 0, 0, false, false),
    (10, 1, 0, false, true), (100, 100, 1, false, false), (100, 51, 0.5, false, true),
  ]

  @Test(arguments: shares) func moreThanAShareIsNotDeletedUnasked(
    _ count: Int, _ deleted: Int, _ share: Double, _ isRollback: Bool, _ isRefused: Bool
  ) throws {
    let items = (0..<count).map { ClusterInventory.Item(reference: reference("ConfigMap", "c\($0)")) }
    let text = (deleted..<count).map { "{apiVersion: v1, kind: ConfigMap, metadata: {name: c\($0)}}" }
      .joined(separator: "\n---\n")
    let manifests = text.isEmpty ? [] : try Release.manifests(text)
    do {
      let plan = try PrunePlan(inventory(items), for: manifests, .init(share: share), isRollback: isRollback)
      #expect(!isRefused)
      #expect(plan.deletions.count == deleted)
    } catch {
      #expect(isRefused)
      #expect(error.what.contains("would delete \(deleted) of \(count) objects"))
    }
  }
}
