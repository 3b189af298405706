import Documents
import Kubernetes
import MooringModel
import MooringTestSupport

@testable import KubernetesTarget

/// Manifests as a test writes them down, and what the target's parts make of them.
enum Release {
  /// The objects of some YAML, in the namespace `shop` where they name none.
  ///
  /// - Parameter clusterWide: Kinds without a namespace, besides Kubernetes' own.
  static func manifests(
    _ text: String, clusterWide: Set<String> = [], _ change: (inout KubernetesTargetOptions) -> Void = { _ in }
  ) throws -> [Manifest] {
    let drafts = try drafts(["all.yaml": .text(text)])
    return try set(drafts, clusterWide: clusterWide, change).manifests
  }

  static func manifest(_ text: String) throws -> Manifest {
    let manifests = try manifests(text)
    guard let first = manifests.first, manifests.count == 1 else { throw NotOne(count: manifests.count) }
    return first
  }

  static func drafts(
    _ files: [String: StaticContents.Entry], limits: ManifestLimits = ManifestLimits()
  ) throws -> [ManifestReader.Draft] {
    try ManifestReader(limits: limits).read(StaticContents(files))
  }

  static func set(
    _ drafts: [ManifestReader.Draft], clusterWide: Set<String> = [],
    _ change: (inout KubernetesTargetOptions) -> Void = { _ in }
  ) throws -> ManifestSet {
    let own: Set<String> = [
      "Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "PersistentVolume",
      "StorageClass", "PriorityClass", "ValidatingWebhookConfiguration",
    ]
    let kinds = Set(drafts.map(\.kind))
    let known = kinds.filter { $0.group != "unknown.example.com" && $0.group != "own.example.com" }
    let scopes = Dictionary(uniqueKeysWithValues: known.map { ($0, !own.union(clusterWide).contains($0.kind)) })
    var options = KubernetesTargetOptions(
      kubeconfig: nil, namespace: "shop", namespaces: ["other"], clusterObjects: true)
    change(&options)
    return try ManifestSet(drafts, within: ManifestReach(options), scopes: scopes)
  }

  /// Some YAML or JSON as a tree.
  static func node(_ text: String) throws -> Node {
    guard let root = try Document.parse(Array(text.utf8), as: .yaml).first?.root else { throw NotOne(count: 0) }
    return root
  }

  /// An object as a server would send it.
  static func object(_ text: String) throws -> KubernetesObject { try KubernetesObject(node(text)) }

  struct NotOne: Error {
    var count: Int
  }
}
