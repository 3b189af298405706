import Kubernetes
import MooringModel

extension ClusterTarget {
  /// Runs the hooks before or after the objects of a release, and waits for each.
  func runHooks(_ hook: ManifestWishes.Hook, of manifests: ManifestSet, _ applier: Applier) async throws {
    let order = DeploymentOrder(manifests.manifests)
    let stages = try order.stages(of: hook)
    guard !stages.isEmpty else { return }
    if hook == .after { try await readyWait(.started).wait(for: order.deployed.map(\.reference)) }
    let finishing = try await readyWait(.finished)
    do {
      for stage in stages {
        try await applier.replace(stage.filter(\.isMadeAnew))
        try await applier.apply(stage.filter { !$0.isMadeAnew })
        try await finishing.wait(for: stage.map(\.reference))
      }
    } catch let fault as Fault {
      throw await removeEnded(order.hooks(hook), after: fault)
    }
    try await removeEnded(order.hooks(hook))
  }

  /// What the hooks' failure comes to, with what couldn't be removed because of it.
  private func removeEnded(_ hooks: [Manifest], after fault: Fault) async -> Fault {
    do {
      try await removeEnded(hooks)
      return fault
    } catch {
      var fault = fault
      fault.what += "; nor could its hooks be removed: \(error)"
      return fault
    }
  }

  /// Deletes hooks that ended in a way after which they are to be deleted.
  private func removeEnded(_ hooks: [Manifest]) async throws {
    let client = try await cluster.client()
    var ended: [ObjectReference] = []
    for hook in hooks where hook.mayBeDeletedAsHook {
      let deletion = hook.wishes.hookDeletion
      guard deletion.contains(.succeeded) || deletion.contains(.failed) else { continue }
      let status = try await healthRules.awaiting(.finished).health(of: hook.reference, by: client).status
      if status == .healthy && deletion.contains(.succeeded) || status == .degraded && deletion.contains(.failed) {
        ended.append(hook.reference)
      }
    }
    _ = try await pruner().delete(ended)
  }
}
