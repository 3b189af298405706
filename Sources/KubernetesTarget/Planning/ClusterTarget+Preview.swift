import Kubernetes
import MooringModel

extension ClusterTarget {
  func preview(_ contents: any ReleaseContents, sparing spared: SparedFields) async throws -> TargetPreview? {
    do {
      let manifests = try await manifests(of: contents)
      let inventory = try await store().read().inventory
      let due = try await due(of: manifests, contents, inventory)
      let client = try await cluster.client()
      let comparing = PreviewComparison(
        client: client, applier: try await applier(overwrites: false, spared), options: options,
        due: Set(due.map(\.name)),
        coming: try await ComingNames(of: due, on: client))
      var objects = try await comparing.objects(manifests.manifests.filter { $0.wishes.hook == nil })
      let isNew = inventory.pending != nil || inventory.release != contents.digest
      if isNew { objects += try await comparing.hooks(DeploymentOrder(manifests.manifests)) }
      let moved = try await pruner().moved(inventory, to: manifests.manifests)
      objects += try pruned(inventory, manifests, moved)
      return TargetPreview(
        objects: objects.sorted { $0.object < $1.object }, problem: problem(inventory, manifests, moved))
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    }
  }

  private func pruned(
    _ inventory: ClusterInventory, _ manifests: ManifestSet, _ moved: Set<Identity>
  ) throws -> [ObjectPreview] {
    let pruning = try PrunePlan(inventory, for: manifests.manifests, options.prune, moved: moved, isRollback: true)
    return pruning.deletions.map { ObjectPreview(ObjectName($0), .delete) }
      + pruning.kept.map { ObjectPreview(ObjectName($0.reference), .keep, reason: $0.reason) }
  }

  /// Why nothing at all would be applied.
  private func problem(
    _ inventory: ClusterInventory, _ manifests: ManifestSet, _ moved: Set<Identity>
  ) -> Fault? {
    do throws(Fault) {
      try DeploymentOrder(manifests.manifests).check()
      _ = try PrunePlan(inventory, for: manifests.manifests, options.prune, moved: moved)
      return nil
    } catch {
      return error
    }
  }
}
