import Kubernetes
import MooringModel

/// Deletes objects that Mooring made, one after the other, each only if it is still ours.
struct Pruner: Sendable {
  let client: APIClient
  let owner: ObjectOwner
  let permit: WritePermit

  /// What came of it.
  struct Outcome: Sendable {
    var deleted = 0
    /// Those that stay, since they aren't ours any more.
    var kept: [PrunePlan.Kept] = []
  }

  func delete(_ references: [ObjectReference]) async throws(KubernetesError) -> Outcome {
    var outcome = Outcome()
    for reference in references {
      switch try await delete(reference) {
      case .deleted: outcome.deleted += 1
      case .kept(let reason): outcome.kept.append(.init(reference: reference, reason: reason))
      case .gone: break
      }
    }
    return outcome
  }

  private enum End {
    case deleted, gone
    case kept(String)
  }

  private func delete(_ reference: ObjectReference) async throws(KubernetesError) -> End {
    guard let (reference, object) = try await find(reference) else { return .gone }
    if let reason = reasonToKeep(object) { return .kept(reason) }
    if object.deletionTimestamp != nil { return .gone }
    do {
      try permit.check()
      try await client.delete(reference, DeleteOptions(propagation: .background, uid: object.uid))
      return .deleted
    } catch {
      if ![.notFound, .conflict].contains(error.code) { throw error }
      return .gone
    }
  }

  /// Of objects in an inventory that a release doesn't have, those that it has in another group: the server keeps one
  /// object, and shows an Ingress of `extensions` in `networking.k8s.io` as well. Deleting one deletes both.
  func moved(_ inventory: ClusterInventory, to manifests: [Manifest]) async throws(KubernetesError) -> Set<Identity> {
    let applied = manifests.filter { $0.wishes.hook == nil }.map(\.reference)
    let wanted = Set(applied.map { Identity($0) })
    let others = inventory.items.values.filter { !wanted.contains($0.identity) }
    guard !others.isEmpty else { return [] }
    let named = Dictionary(grouping: applied, by: GrouplessName.init)
    var moved: Set<Identity> = []
    for item in others {
      for twin in named[GrouplessName(item.reference)] ?? [] where try await isOne(item.reference, twin) {
        moved.insert(item.identity)
      }
    }
    return moved
  }

  /// Whether two references lead to one object, or the first to none.
  private func isOne(_ old: ObjectReference, _ new: ObjectReference) async throws(KubernetesError) -> Bool {
    guard let old = try await find(old)?.1 else { return true }
    return try await find(new)?.1.uid == old.uid
  }

  /// What two groups call the same.
  private struct GrouplessName: Hashable {
    let kind: String
    let namespace: String?
    let name: String

    init(_ reference: ObjectReference) {
      (kind, namespace, name) = (reference.kind.kind, reference.namespace, reference.name)
    }
  }

  /// The object, in a version of its kind that the server still has; `nil` where it is gone, with its kind or without.
  private func find(
    _ reference: ObjectReference
  ) async throws(KubernetesError) -> (ObjectReference, KubernetesObject)? {
    var reference = reference
    do {
      _ = try await client.resource(for: reference.kind)
    } catch {
      guard error.code == .unsupported else { throw error }
      guard let other = try await client.resources()[reference.kind.groupKind] else { return nil }
      reference = ObjectReference(other.kind, namespace: reference.namespace, name: reference.name)
    }
    return try await client.find(reference).map { (reference, $0) }
  }

  private func reasonToKeep(_ object: KubernetesObject) -> String? {
    guard owner.owns(object) else {
      if let other = owner.other(of: object) { return "it belongs to \(other) now" }
      let isNamed = object.label(ManagedObject.label) != nil
      return "somebody took the label \(isNamed ? ManagedObject.namespaceLabel : ManagedObject.label) from it"
    }
    let isKept =
      object.annotation("mooring.dev/prune") == "disabled"
      || object.annotation("kustomize.toolkit.fluxcd.io/prune") == "disabled"
      || object.annotation("kustomize.toolkit.fluxcd.io/reconcile") == "disabled"
    return isKept ? "its annotation says that it stays" : nil
  }
}
