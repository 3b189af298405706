import Kubernetes

/// Which of an object's specifications this is, in a few bytes: later ones of the same object are known to be later.
struct ObjectGeneration: Hashable, Sendable {
  private let uid: Int
  /// `nil` of kinds that aren't counted.
  private let number: Int64?

  init(_ object: KubernetesObject) {
    uid = object.uid.hashValue
    number = object.generation
  }

  /// Not of objects of different incarnations, nor of kinds that aren't counted: there nothing is known.
  func isBefore(_ other: Self) -> Bool {
    guard uid == other.uid, let number, let later = other.number else { return false }
    return number < later
  }
}
