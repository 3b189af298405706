import Kubernetes
import MooringModel

/// Deletes objects that Mooring made, one after the other, each only if it is still ours.
struct Pruner: Sendable {
  let client: APIClient
  let environment: String

  /// - Returns: Those that stay, since they aren't ours any more.
  func delete(_ references: [ObjectReference]) async throws(KubernetesError) -> [PrunePlan.Kept] {
    var kept: [PrunePlan.Kept] = []
    for reference in references {
      if let reason = try await delete(reference) { kept.append(.init(reference: reference, reason: reason)) }
    }
    return kept
  }

  private func delete(_ reference: ObjectReference) async throws(KubernetesError) -> String? {
    let object: KubernetesObject
    do { object = try await client.get(reference) } catch {
      // Gone with its kind, or by another hand.
      if [.notFound, .unsupported].contains(error.code) { return nil }
      throw error
    }
    if let reason = Self.reasonToKeep(object, of: environment) { return reason }
    if object.deletionTimestamp != nil { return nil }
    do {
      try await client.delete(reference, DeleteOptions(propagation: .background, uid: object.uid))
    } catch {
      if ![.notFound, .conflict].contains(error.code) { throw error }
    }
    return nil
  }

  private static func reasonToKeep(_ object: KubernetesObject, of environment: String) -> String? {
    let label = object.label(ManagedObject.label)
    guard label == environment else {
      return label.map { "it belongs to the environment \($0) now" }
        ?? "somebody took the label \(ManagedObject.label) from it"
    }
    let isKept =
      object.annotation("mooring.dev/prune") == "disabled"
      || object.annotation("kustomize.toolkit.fluxcd.io/prune") == "disabled"
    return isKept ? "its annotation says that it stays" : nil
  }
}
