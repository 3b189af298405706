import Kubernetes

/// How servers say that a field can't be changed once its object is made: there is no reason of their own for it, so it is
/// known by the words of `k8s.io/apimachinery` and of each kind's validation (`pkg/apis/*/validation`).
enum ImmutableFields {
  private static let words = [
    // `ValidateImmutableField` of most kinds, claims and volumes, rules of definitions.
    "immutable",
    // StatefulSets; StorageClasses: parameters, provisioner, reclaim policy; disruption budgets of old servers.
    "updates to statefulset spec", "updates to parameters are forbidden", "updates to provisioner are forbidden",
    "updates to reclaimpolicy are forbidden", "updates to poddisruptionbudget spec are forbidden",
    // Bindings, Pods, PriorityClasses, Services' addresses, claims that become smaller.
    "cannot change roleref", "pod updates may not change fields", "may not be changed in an update",
    "may not change once set", "can not be less than previous value",
  ]

  fileprivate static func areMeant(by text: String) -> Bool {
    let text = text.lowercased()
    return words.contains { text.contains($0) }
  }
}

extension KubernetesError {
  /// Whether nothing is wrong with an object but that fields of it can't be changed (422, of which every cause says so).
  var isAboutImmutable: Bool {
    guard code == .invalid else { return false }
    let causes = status?.causes ?? []
    return causes.isEmpty
      ? ImmutableFields.areMeant(by: message) : causes.allSatisfy { ImmutableFields.areMeant(by: $0.message) }
  }
}

extension Manifest {
  /// Whether the object may be deleted and made again where a field can't be changed. What holds others or data is only by
  /// Mooring's own word for it.
  var mayBeReplaced: Bool {
    switch wishes.replacement {
    case .never: false
    case .whereNothingIsLost: !PrunePlan.isProtected(reference.kind)
    case .always: true
    }
  }
}
