import Kubernetes

/// What is kept of an object that is watched.
struct WatchedObject: Sendable {
  var content: ContentHash
  var applied: ApplyHash
  /// Whose it says it is: of an object of a release, or an inventory.
  var environment: String?

  init(_ object: KubernetesObject) {
    content = ContentHash(object)
    applied = ApplyHash(object)
    environment = object.label(ManagedObject.label) ?? object.label(InventoryStore.label)
  }
}
