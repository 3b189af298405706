import Kubernetes

/// What is kept of an object that is watched.
struct WatchedObject: Sendable {
  var content: ContentHash
  var applied: ApplyHash
  /// Whose it says it is: of an object of a release, or an inventory.
  var environment: String?
  /// Whether it says so as an object of a release.
  var isOfRelease: Bool
  var generation: ObjectGeneration
  /// By the rules that hold where an operator has said nothing else.
  var health: ObjectHealth

  init(_ object: KubernetesObject) {
    content = ContentHash(object)
    applied = ApplyHash(object)
    isOfRelease = object.label(ManagedObject.label) != nil
    environment = object.label(ManagedObject.label) ?? object.label(InventoryStore.label)
    generation = ObjectGeneration(object)
    health = HealthRules().health(of: object)
  }
}
