import Kubernetes
import MooringModel

/// The order of all that a release has: its objects, the hooks before them and those after them.
struct DeploymentOrder: Sendable {
  private let manifests: [Manifest]

  init(_ manifests: [Manifest]) { self.manifests = manifests }

  /// - Throws: `Fault` where objects, or hooks, depend on each other in a circle or on what isn't in the release.
  func check() throws(Fault) {
    let there = hooks(.before) + hooks(.leftAlone)
    _ = try ApplyStages(deployed, present: Set(there.map(\.name))).whole
    for hook in [ManifestWishes.Hook.before, .after] { _ = try stages(of: hook) }
  }

  /// What is applied with the release, and stays.
  var deployed: [Manifest] { manifests.filter { $0.wishes.hook == nil } }

  func hooks(_ hook: ManifestWishes.Hook) -> [Manifest] { manifests.filter { $0.wishes.hook == hook } }

  /// Of the release's objects, some that are to be applied; hooks that they depend on have run.
  func stages(of due: [Manifest]) throws(Fault) -> [[Manifest]] {
    let due = due.filter { $0.wishes.hook == nil }
    return try ApplyStages(due, present: Set(manifests.map(\.name)).subtracting(due.map(\.name))).whole
  }

  func stages(of hook: ManifestWishes.Hook) throws(Fault) -> [[Manifest]] {
    let hooks = hooks(hook)
    return try ApplyStages(hooks, present: Set(manifests.map(\.name)).subtracting(hooks.map(\.name))).whole
  }
}

extension Manifest {
  /// Whether a hook is deleted and made again by each deployment: what runs once can't be changed. What holds others or
  /// data is only by Mooring's own word for it.
  var isMadeAnew: Bool {
    guard wishes.hook == .before || wishes.hook == .after else { return false }
    if ["Job", "Pod"].contains(reference.kind.kind) { return true }
    return wishes.hookDeletion.contains(.before) && mayBeDeletedAsHook
  }

  var mayBeDeletedAsHook: Bool {
    !PrunePlan.isProtected(reference.kind) || wishes.mayBePruned || wishes.replacement == .always
  }
}
