import Kubernetes
import MooringModel

/// What a deployment deletes: of what the inventory says Mooring made, that which the release no longer has.
struct PrunePlan: Sendable, Hashable {
  /// Kinds that hold other objects or data: an explicit word is needed.
  static let protectedKinds: Set<String> = [
    "Namespace", "CustomResourceDefinition", "PersistentVolumeClaim", "PersistentVolume",
  ]
  /// Of fewer objects than this no share is taken, unless it is all of them: one of two is half.
  static let fewest = 10

  /// Those of later waves go first, and those that others need last.
  let deletions: [ObjectReference]
  /// What stays although the release doesn't have it, and why.
  let kept: [Kept]

  struct Kept: Sendable, Hashable {
    var reference: ObjectReference
    var reason: String
  }

  /// - Parameters:
  ///   - moved: What the release has in another group: it is the same object.
  ///   - isRollback: It goes back to what ran before, and may delete any share.
  /// - Throws: `Fault` where the share is larger than the options allow: then nothing is to be touched.
  init(
    _ inventory: ClusterInventory, for manifests: [Manifest], _ options: KubernetesTargetOptions.PruneOptions,
    moved: Set<Identity> = [], isRollback: Bool = false
  ) throws(Fault) {
    let wanted = Set(manifests.filter { $0.wishes.hook == nil }.map { Identity($0.reference) }).union(moved)
    let left = Set(manifests.filter { $0.wishes.hook == .leftAlone }.map { Identity($0.reference) })
    var (deletions, kept): ([ClusterInventory.Item], [Kept]) = ([], [])
    for item in inventory.sorted where !wanted.contains(item.identity) {
      if left.contains(item.identity) {
        kept.append(Kept(reference: item.reference, reason: "its annotation says that it is left alone"))
      } else if item.keeping == .kept {
        kept.append(Kept(reference: item.reference, reason: "its annotation says that it stays"))
      } else if item.keeping != .allowed, Self.isProtected(item.reference.kind),
        !options.kinds.contains(item.reference.kind.kind)
      {
        let kind = item.reference.kind.kind
        kept.append(Kept(reference: item.reference, reason: "a \(kind) is deleted only if `prune.kinds` names it"))
      } else {
        deletions.append(item)
      }
    }
    self.deletions = deletions.sorted { Self.place($0) > Self.place($1) }.map(\.reference)
    self.kept = kept
    if isRollback { return }
    try checkRest(of: inventory, wanted.union(left), options)
    try checkShare(of: inventory, options)
  }

  /// However few they are, not all go by a commit that emptied a folder, or a file that names another.
  private func checkRest(
    of inventory: ClusterInventory, _ wanted: Set<Identity>, _ options: KubernetesTargetOptions.PruneOptions
  ) throws(Fault) {
    guard !deletions.isEmpty, options.share < 1, !inventory.items.keys.contains(where: wanted.contains) else { return }
    throw Fault(
      .target,
      "the release would delete \(deletions.count) of \(inventory.items.count) objects, and has none of those that are"
        + " there", at: deletions.first.map { "\(ObjectName($0))" },
      remedy: "see `mooring plan`; if it is meant, say `prune: {share: 100%}` for this deployment")
  }

  private func checkShare(
    of inventory: ClusterInventory, _ options: KubernetesTargetOptions.PruneOptions
  ) throws(Fault) {
    let (count, all) = (deletions.count, inventory.items.count)
    guard all >= Self.fewest, Double(count) > Double(all) * options.share else { return }
    let percent = Int((options.share * 100).rounded())
    throw Fault(
      .target, "the release would delete \(count) of \(all) objects, more than \(percent) %",
      at: deletions.first.map { "\(ObjectName($0))" },
      remedy: "see `mooring plan`; if it is meant, raise `prune.share` for this deployment")
  }

  static func isProtected(_ kind: GroupVersionKind) -> Bool { protectedKinds.contains(kind.kind) }

  private static func place(_ item: ClusterInventory.Item) -> (wave: Int, rank: Int) {
    (item.wave, KindRank.of(item.reference.kind.groupKind))
  }
}
