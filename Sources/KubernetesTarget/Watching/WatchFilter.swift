import Documents
import Kubernetes
import MooringModel

/// Which of a cluster's changes concern an environment.
struct WatchFilter: Sendable {
  let owner: ObjectOwner
  let namespaces: Set<String>
  let known: Set<Identity>
  let kinds: Set<GroupVersionKind>
  /// The release that the inventory had.
  let release: ReleaseDigest?

  func isInventory(_ reference: ObjectReference) -> Bool {
    reference.kind.kind == "ConfigMap" && reference.kind.group.isEmpty
      && reference.name == InventoryStore.name(of: owner.environment)
      && reference.namespace == owner.namespace
  }

  /// Whether an inventory names kinds or objects that aren't watched for. Of a large one this is only the first part:
  /// what is in the others another release says.
  func hasOtherObjects(_ inventory: KubernetesObject) -> Bool {
    guard let data = inventory.root["data"], data["pending"] == nil else { return false }
    if data["release"]?.text != release?.hex { return true }
    guard let text = data["objects"]?.text, let items = try? InventoryText.items(text, at: "") else { return false }
    return items.contains { !known.contains($0.identity) }
  }

  /// What is ours, was ours, or is nobody's in our namespaces.
  func concerns(_ reference: ObjectReference, _ object: KubernetesObject?) -> Bool {
    if known.contains(Identity(reference)) { return true }
    guard kinds.contains(reference.kind), let object else { return false }
    if object.label(ManagedObject.label) != nil { return owner.owns(object) }
    return reference.namespace.map(namespaces.contains) ?? false
  }

  /// Whether nobody has set fields since this environment's last deployment. Whoever takes fields away leaves no trace in
  /// them: that it was applied just now has to be known besides.
  func isOurs(_ object: KubernetesObject) -> Bool {
    guard let entries = try? object.managedFields, let latest = entries.compactMap(\.time).max() else { return false }
    return entries.filter { $0.time == latest && $0.subresource != "status" }.allSatisfy { $0.manager == owner.manager }
      && object.deletionTimestamp == nil
  }
}
