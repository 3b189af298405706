import Kubernetes
import MooringModel

/// Deletes objects that are to be made again.
struct ObjectRemover: Sendable {
  /// How long its finalizers may hold an object back.
  static let limit = Duration.seconds(120)

  let client: APIClient
  let owner: ObjectOwner
  let permit: WritePermit

  /// Deletes an object with what it owns, and waits until it is gone.
  ///
  /// - Throws: `Fault` where it isn't this environment's, or isn't gone in time; `KubernetesError`.
  func removeWhole(_ reference: ObjectReference) async throws {
    guard let object = try await find(reference) else { return }
    do {
      try permit.check()
      try await client.delete(reference, DeleteOptions(propagation: .foreground, uid: object.uid))
    } catch {
      if error.code == .notFound { return }
      throw error
    }
    let end = ContinuousClock.now + Self.limit
    while ContinuousClock.now < end {
      guard let there = try await client.find(reference), there.uid == object.uid else { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Fault(
      .timeout,
      "\(ObjectName(reference)) is not gone after \(Self.limit.components.seconds) s: finalizers hold it back",
      at: "\(reference)", remedy: "look at its `metadata.finalizers`, and at the controller that should remove them")
  }

  /// - Throws: `Fault` where it isn't this environment's; `KubernetesError`.
  func find(_ reference: ObjectReference) async throws -> KubernetesObject? {
    guard let object = try await client.find(reference) else { return nil }
    guard owner.owns(object) else { throw foreign(object) }
    return object
  }

  private func foreign(_ object: KubernetesObject) -> Fault {
    let whose = owner.other(of: object).map { "belongs to \($0)" } ?? "was made by somebody else"
    return Fault(
      .conflict, "\(ObjectName(object.reference)) \(whose), and is not deleted", at: "\(object.reference)",
      remedy: "give the object of this environment another name, or delete that one by hand")
  }
}
