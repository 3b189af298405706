import Documents
import Kubernetes
import MooringModel

/// Puts objects of a cluster back.
struct ObjectRestorer: Sendable {
  /// How often an object is read again that somebody wrote meanwhile: controllers write their status all the time.
  private static let tries = 20

  let client: APIClient
  let owner: ObjectOwner
  let comparer: ObjectComparer
  let sparing: Sparing
  let permit: WritePermit
  /// Is told what the server made of an object.
  let judgements: Judgements
  let identity: @Sendable ([UInt8]) throws -> ContentID

  /// Makes our fields so again, and takes out what others added inside them.
  ///
  /// - Parameters:
  ///   - seen: What was found there; `nil` where nothing was.
  ///   - fields: Nothing but these; everything where it is `nil`.
  /// - Throws: `Fault` where something else is there by now.
  func restore(_ manifest: Manifest, seen: LiveObject?, fields: [String]?) async throws {
    let only = try fields?.map { try FieldPath(parsing: $0) }
    for attempt in 1...Self.tries {
      let live = try await current(manifest)
      if try check(manifest, live, seen) { return }
      let applied: KubernetesObject
      let staying = try staying(of: manifest, live, only)
      do { applied = try await apply(manifest, over: live, staying) } catch {
        guard error.code == .conflict, error.fieldConflicts.isEmpty else { throw RefusedObject(manifest, error).fault }
        // Whoever writes so often is let finish: at most 4 s in all.
        try await Task.sleep(for: .milliseconds(20 * attempt))
        continue
      }
      try comparer.note(answer: applied, to: manifest, staying: staying)
      judgements.outdate(by: try await removeAdditions(manifest, applied, staying, only))
      return
    }
    throw changed(manifest.name)
  }

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
    let comparison = try comparer.comparison(manifest, live)
    if comparison.isEqual { return true }
    if try identity(comparison.found()) != seen?.content { throw changed(manifest.name) }
    return false
  }

  /// What is left as it is: what isn't ours, and where only some fields are put back, what else differs.
  private func staying(
    of manifest: Manifest, _ live: KubernetesObject?, _ only: [FieldPath]?
  ) throws(KubernetesError) -> [FieldPath] {
    let spared = sparing.fields(of: manifest)
    guard let live, let only else { return spared }
    return try spared
      + comparer.comparison(manifest, live).paths().filter { path in !only.contains { path.isInside($0) } }
  }

  private func changed(_ name: ObjectName) -> Fault {
    Fault(
      .conflict, "it was changed again while it was to be put back", at: name.string,
      remedy: "look at it with `mooring drift`, and repeat")
  }

  /// By server-side apply, at the version that was judged.
  private func apply(
    _ manifest: Manifest, over live: KubernetesObject?, _ staying: [FieldPath]
  ) async throws(KubernetesError) -> KubernetesObject {
    try permit.check()
    let fields = try live.map { (live) throws(KubernetesError) in
      let owners = try FieldOwners(of: live, ours: owner.manager, ignoring: comparer.ignoredManagers)
      return try SparedBody(
        manifest.root, over: live.root, owners, sparing: staying, isWhole: sparing.isWhole(manifest),
        makesMissing: false
      ).value
    }
    let body = try ApplyBody.json(manifest, owner: owner, fields: fields, version: live?.resourceVersion)
    return try await client.apply(
      body, to: manifest.reference, WriteOptions(fieldManager: owner.manager, force: true))
  }

  /// What we never set stays when we apply: it is taken out by its place, as long as it is still what stands there.
  /// The object's version may be another by then, since its controllers write its status.
  private func removeAdditions(
    _ manifest: Manifest, _ live: KubernetesObject, _ staying: [FieldPath], _ only: [FieldPath]?
  ) async throws -> KubernetesObject {
    do {
      let owners = try FieldOwners(
        of: live, ours: owner.manager, ignoring: comparer.ignoredManagers, isShared: manifest.wishes.isShared)
      let places = AddedPlaces(
        of: try manifest.root, on: live.root, additions: owners.others,
        ignoring: manifest.wishes.ignores.fields + staying, only: only
      ).places
      guard !places.isEmpty else { return live }
      try permit.check()
      let steps = places.flatMap { [PatchStep.test($0), PatchStep.remove($0)] }
      return try await client.patch(
        manifest.reference, .json, JSONBody(.sequence(steps)), WriteOptions(fieldManager: owner.manager))
    } catch {
      // A step of the patch didn't find what was to be removed.
      if error.code == .invalid || error.code == .conflict { throw changed(manifest.name) }
      throw RefusedObject(manifest, error).fault
    }
  }
}
