import Kubernetes
import MooringModel

/// Deletes objects that Mooring made, one after the other, each only if it is still ours.
struct Pruner: Sendable {
  let client: APIClient
  let environment: String
  let permit: WritePermit

  /// - Returns: Those that stay, since they aren't ours any more.
  func delete(_ references: [ObjectReference]) async throws(KubernetesError) -> [PrunePlan.Kept] {
    var kept: [PrunePlan.Kept] = []
    for reference in references {
      if let reason = try await delete(reference) { kept.append(.init(reference: reference, reason: reason)) }
    }
    return kept
  }

  private func delete(_ reference: ObjectReference) async throws(KubernetesError) -> String? {
    guard let (reference, object) = try await find(reference) else { return nil }
    if let reason = Self.reasonToKeep(object, of: environment) { return reason }
    if object.deletionTimestamp != nil { return nil }
    do {
      try permit.check()
      try await client.delete(reference, DeleteOptions(propagation: .background, uid: object.uid))
    } catch {
      if ![.notFound, .conflict].contains(error.code) { throw error }
    }
    return nil
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
