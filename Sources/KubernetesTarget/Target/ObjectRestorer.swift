import Documents
import Kubernetes
import MooringModel

/// Puts objects of a cluster back.
struct ObjectRestorer: Sendable {
  /// How often an object is read again that somebody wrote meanwhile: controllers write their status all the time.
  private static let tries = 20

  let client: APIClient
  let owner: ObjectOwner
  let ignoredManagers: Set<String>
  let permit: WritePermit
  /// Is told what the server made of an object.
  let judgements: Judgements
  let identity: @Sendable ([UInt8]) throws -> ContentID

  /// Makes our fields so again, and takes out what others added inside them.
  ///
  /// - Parameter seen: What was found there; `nil` where nothing was.
  /// - Throws: `Fault` where something else is there by now.
  func restore(_ manifest: Manifest, seen: LiveObject?) async throws {
    for attempt in 1...Self.tries {
      let live = try await current(manifest)
      if try check(manifest, live, seen) { return }
      let applied: KubernetesObject
      do { applied = try await apply(manifest, over: live) } catch {
        guard error.code == .conflict, error.fieldConflicts.isEmpty else { throw RefusedObject(manifest, error).fault }
        // Whoever writes so often is let finish: at most 4 s in all.
        try await Task.sleep(for: .milliseconds(20 * attempt))
        continue
      }
      judgements.outdate(by: try await removeAdditions(manifest, applied))
      return
    }
    throw changed(manifest.name)
  }

  private var manager: String { owner.manager }

  private func current(_ manifest: Manifest) async throws -> KubernetesObject? {
    do { return try await client.find(manifest.reference) } catch { throw RefusedObject(manifest, error).fault }
  }

  /// - Returns: Whether it is as it should be already.
  private func check(_ manifest: Manifest, _ live: KubernetesObject?, _ seen: LiveObject?) throws -> Bool {
    guard let live else {
      if seen != nil { throw changed(manifest.name) }
      return false
    }
    if let other = owner.other(of: live) {
      throw Fault(
        .conflict, "it belongs to \(other) now", at: manifest.name.string,
        remedy: "remove it from one of the two environments")
    }
    let comparison = try Comparison(manifest, with: live, manager: manager, ignoring: ignoredManagers)
    if comparison.isEqual { return true }
    if try identity(comparison.found()) != seen?.content { throw changed(manifest.name) }
    return false
  }

  private func changed(_ name: ObjectName) -> Fault {
    Fault(
      .conflict, "it was changed again while it was to be put back", at: name.string,
      remedy: "look at it with `mooring drift`, and repeat")
  }

  /// By server-side apply, at the version that was judged.
  private func apply(_ manifest: Manifest, over live: KubernetesObject?) async throws(KubernetesError)
    -> KubernetesObject
  {
    try permit.check()
    let body = try ApplyBody.json(manifest, owner: owner, version: live?.resourceVersion)
    return try await client.apply(body, to: manifest.reference, WriteOptions(fieldManager: manager, force: true))
  }

  /// What we never set stays when we apply: it is taken out by its place, as long as it is still what stands there.
  /// The object's version may be another by then, since its controllers write its status.
  private func removeAdditions(_ manifest: Manifest, _ live: KubernetesObject) async throws -> KubernetesObject {
    do {
      let owners = try FieldOwners(
        of: live, ours: manager, ignoring: ignoredManagers, isShared: manifest.wishes.isShared)
      let places = AddedPlaces(
        of: try manifest.root, on: live.root, additions: owners.others, ignoring: manifest.wishes.ignores.fields
      ).places
      guard !places.isEmpty else { return live }
      try permit.check()
      let steps = places.flatMap { [PatchStep.test($0), PatchStep.remove($0)] }
      return try await client.patch(
        manifest.reference, .json, JSONBody(.sequence(steps)), WriteOptions(fieldManager: manager))
    } catch {
      // A step of the patch didn't find what was to be removed.
      if error.code == .invalid || error.code == .conflict { throw changed(manifest.name) }
      throw RefusedObject(manifest, error).fault
    }
  }
}
