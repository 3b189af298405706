import Documents
import Kubernetes
import MooringModel

extension ClusterTarget {
  /// Puts single objects back as the release has them, each only if it still is as it was seen.
  func restore(_ restorations: [Restoration], _ contents: any ReleaseContents) async throws -> StepReport {
    let manifests = try await manifests(of: contents)
    let places = Dictionary(manifests.manifests.map { ($0.name, $0) }) { first, _ in first }
    let restorer = ObjectRestorer(
      client: try await cluster.client(), manager: manager, environment: environment.string,
      ignoredManagers: options.ignoredManagers, identity: { try contents.identity(of: $0) })
    for restoration in restorations {
      if let manifest = places[restoration.object] {
        try await restorer.restore(manifest, seen: restoration.seen)
      } else if let seen = restoration.seen {
        let reference = try await stranger(restoration.object, manifests)
        try await restorer.remove(reference, named: restoration.object, uid: seen.stamp)
      }
    }
    let count = restorations.count
    return StepReport(step: .restore, summary: count == 1 ? "put back 1 object" : "put back \(count) objects")
  }

  /// An object that the release doesn't have, by its name.
  private func stranger(_ name: ObjectName, _ manifests: ManifestSet) async throws -> ObjectReference {
    let parts = name.string.split(separator: "/").map(String.init)
    let kind = manifests.manifests.map(\.reference.kind).first { kind in
      let probe = ObjectReference(kind, namespace: parts.count == 3 ? parts[1] : nil, name: parts.last ?? "")
      return ObjectName(probe) == name
    }
    guard let kind, let last = parts.last else {
      throw Fault(.notFound, "no kind of the release is called so", at: name.string, remedy: "delete it with `kubectl`")
    }
    return ObjectReference(kind, namespace: parts.count == 3 ? parts[1] : nil, name: last)
  }
}

/// Puts objects of a cluster back.
struct ObjectRestorer: Sendable {
  let client: APIClient
  let manager: String
  let environment: String
  let ignoredManagers: Set<String>
  let identity: @Sendable ([UInt8]) throws -> ContentID

  /// Makes our fields so again, and takes out what others added inside them.
  ///
  /// - Parameter seen: What was found there; `nil` where nothing was.
  /// - Throws: `Fault` where something else is there by now.
  func restore(_ manifest: Manifest, seen: LiveObject?) async throws {
    do {
      let live = try await current(manifest.reference)
      try check(manifest, live, seen)
      let applied = try await apply(manifest, over: live)
      try await removeAdditions(manifest, applied)
    } catch let error as KubernetesError {
      if error.code == .conflict { throw changed(manifest.name) }
      throw RefusedObject(manifest, error).fault
    }
  }

  /// Deletes an object that nobody put there.
  func remove(_ reference: ObjectReference, named name: ObjectName, uid: String?) async throws {
    do {
      try await client.delete(reference, DeleteOptions(propagation: .background, uid: uid))
    } catch {
      if error.code == .notFound { return }
      if error.code == .conflict { throw changed(name) }
      throw Fault(error, at: name.string)
    }
  }

  private func current(_ reference: ObjectReference) async throws(KubernetesError) -> KubernetesObject? {
    do { return try await client.get(reference) } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  private func check(_ manifest: Manifest, _ live: KubernetesObject?, _ seen: LiveObject?) throws {
    guard let live else {
      if seen != nil { throw changed(manifest.name) }
      return
    }
    let comparison = try Comparison(manifest, with: live, manager: manager, ignoring: ignoredManagers)
    if comparison.isEqual { return }
    if try identity(comparison.found()) != seen?.content { throw changed(manifest.name) }
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
    let body = try ApplyBody.json(manifest, environment: environment, version: live?.resourceVersion)
    return try await client.apply(
      body, to: manifest.reference, WriteOptions(fieldManager: manager, force: true))
  }

  /// What we never set stays when we apply: it is taken out by its place, as long as it is still what stands there.
  /// The object's version may be another by then, since its controllers write its status.
  private func removeAdditions(_ manifest: Manifest, _ live: KubernetesObject) async throws(KubernetesError) {
    let additions = try Additions(live, ours: manager, ignoring: ignoredManagers)
    let places = AddedPlaces(of: manifest.root, on: live.root, additions: additions.fields).places
    guard !places.isEmpty else { return }
    let steps = places.flatMap { [PatchStep.test($0), PatchStep.remove($0)] }
    _ = try await client.patch(
      manifest.reference, .json, JSONBody(.sequence(steps)), WriteOptions(fieldManager: manager))
  }
}
