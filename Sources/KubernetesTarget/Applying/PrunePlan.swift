import Kubernetes
import MooringModel

/// What a deployment deletes: of what the inventory says Mooring made, that which the release no longer has.
struct PrunePlan: Sendable, Hashable {
  /// Kinds that hold other objects or data: an explicit word is needed.
  static let protectedKinds: Set<String> = [
    "Namespace", "CustomResourceDefinition", "PersistentVolumeClaim", "PersistentVolume",
  ]
  /// Of fewer objects than this no share is taken: one of two is half.
  static let fewest = 10

  /// Those that others need go last.
  let deletions: [ObjectReference]
  /// What stays although the release doesn't have it, and why.
  let kept: [Kept]

  struct Kept: Sendable, Hashable {
    var reference: ObjectReference
    var reason: String
  }

  /// - Parameter isRollback: It goes back to what ran before, and may delete any share.
  /// - Throws: `Fault` where the share is larger than the options allow: then nothing is to be touched.
  init(
    _ inventory: ClusterInventory, for manifests: [Manifest], _ options: KubernetesTargetOptions.PruneOptions,
    isRollback: Bool = false
  ) throws(Fault) {
    let wanted = Set(manifests.filter { $0.wishes.hook == nil }.map { Identity($0.reference) })
    var (deletions, kept): ([ObjectReference], [Kept]) = ([], [])
    for item in inventory.sorted where !wanted.contains(item.identity) {
      if item.keeping == .kept {
        kept.append(Kept(reference: item.reference, reason: "its annotation says that it stays"))
      } else if item.keeping != .allowed, Self.isProtected(item.reference.kind),
        !options.kinds.contains(item.reference.kind.kind)
      {
        let kind = item.reference.kind.kind
        kept.append(Kept(reference: item.reference, reason: "a \(kind) is deleted only if `prune.kinds` names it"))
      } else {
        deletions.append(item.reference)
      }
    }
    self.deletions = deletions.sorted { Self.place($0) > Self.place($1) }
    self.kept = kept
    try checkShare(of: inventory, options, isRollback)
  }

  private func checkShare(
    of inventory: ClusterInventory, _ options: KubernetesTargetOptions.PruneOptions, _ isRollback: Bool
  ) throws(Fault) {
    let (count, all) = (deletions.count, inventory.items.count)
    guard !isRollback, all >= Self.fewest, Double(count) > Double(all) * options.share else { return }
    let percent = Int((options.share * 100).rounded())
    throw Fault(
      .target, "the release would delete \(count) of \(all) objects, more than \(percent) %",
      at: deletions.first.map { "\(ObjectName($0))" },
      remedy: "see `mooring plan`; if it is meant, raise `prune.share` for this deployment")
  }

  static func isProtected(_ kind: GroupVersionKind) -> Bool { protectedKinds.contains(kind.kind) }

  private static func place(_ reference: ObjectReference) -> Int { KindRank.of(reference.kind.groupKind) }
}
