import Documents
import Kubernetes
import MooringModel

/// Compares a release's objects with what is live, and asks the server about those that a deployment would apply.
///
/// What is live is listed kind by kind. The server's dry run, which is what a deployment would do, is asked only about
/// objects that aren't as the inventory says they were applied, so that the plan of a large release costs little more
/// than the lists.
struct PreviewComparison: Sendable {
  /// Kinds that are listed at once.
  private static let lists = 4

  let client: APIClient
  let applier: Applier
  let options: KubernetesTargetOptions
  /// Objects that a deployment would apply.
  let due: Set<ObjectName>
  let coming: ComingNames

  func objects(_ manifests: [Manifest]) async throws -> [ObjectPreview] {
    let places = Dictionary(grouping: manifests) { ListedPlace($0.reference) }.sorted { $0.key < $1.key }
    return try await places.collect(atOnce: Self.lists) { try await objects($0.value, in: $0.key) }.flatMap { $0 }
  }

  private func objects(_ manifests: [Manifest], in place: ListedPlace) async throws -> [ObjectPreview] {
    var left = Dictionary(manifests.map { (Identity($0.reference), $0) }) { first, _ in first }
    var (previews, open): ([ObjectPreview], [(Manifest, KubernetesObject?)]) = ([], [])
    try await client.each(in: place, applier.owner.selector) { object in
      guard let manifest = left.removeValue(forKey: Identity(object.reference)) else { return }
      if due.contains(manifest.name) {
        // A page's other objects need not stay in memory for it.
        open.append((manifest, try object.detached()))
      } else if let drift = try drift(manifest, object) {
        previews.append(drift)
      }
    }
    open += left.values.sorted { $0.name < $1.name }.map { ($0, nil) }
    return try await previews
      + open.collect(atOnce: Applier.atOnce) { try await preview($0, $1) }.compactMap { $0 }
  }

  /// - Parameter listed: `nil` of what doesn't carry our label: it may be there all the same.
  private func preview(_ manifest: Manifest, _ listed: KubernetesObject?) async throws -> ObjectPreview? {
    var live = listed
    if live == nil { live = try await find(manifest.reference) }
    guard let live else { return try await creation(manifest) }
    return due.contains(manifest.name) ? try await change(manifest, live) : try drift(manifest, live)
  }

  private func find(_ reference: ObjectReference) async throws(KubernetesError) -> KubernetesObject? {
    do { return try await client.get(reference) } catch {
      guard [.notFound, .unsupported].contains(error.code) else { throw error }
      return nil
    }
  }

  /// What would be run before and after the others.
  func hooks(_ order: DeploymentOrder) async throws -> [ObjectPreview] {
    try await (order.hooks(.before) + order.hooks(.after)).collect(atOnce: Applier.atOnce) { try await hook($0) }
  }

  // MARK: What would become of one object

  private func hook(_ manifest: Manifest) async throws -> ObjectPreview {
    do {
      if !coming.precede(manifest) { try await applier.tryHook(manifest) }
      return ObjectPreview(
        manifest.name, .run, origin: manifest.origin,
        reason: manifest.wishes.hook == .before ? "before the others" : "after the others")
    } catch let error as KubernetesError {
      return try refusal(manifest, error)
    } catch let fault as Fault {
      return ObjectPreview(
        manifest.name, .refuse, origin: manifest.origin, reason: fault.what, remedy: fault.remedy)
    }
  }

  private func creation(_ manifest: Manifest) async throws -> ObjectPreview {
    guard !coming.precede(manifest) else { return ObjectPreview(manifest.name, .create, origin: manifest.origin) }
    do {
      _ = try await applier.preview(manifest)
      return ObjectPreview(manifest.name, .create, origin: manifest.origin)
    } catch {
      return try refusal(manifest, error)
    }
  }

  private func change(_ manifest: Manifest, _ live: KubernetesObject) async throws -> ObjectPreview? {
    if manifest.wishes.isOnlyMade { return nil }
    do {
      let applied = coming.precede(manifest) ? nil : try await applier.preview(manifest)
      guard let applied else { return try compared(.change, manifest, live) }
      let (before, after) = (Self.fields(of: live, manifest), Self.fields(of: applied, manifest))
      if before == after { return nil }
      return ObjectPreview(
        manifest.name, .change, origin: manifest.origin, before: try JSONBody(before).bytes,
        after: try JSONBody(after).bytes)
    } catch {
      return try await refused(manifest, live, error)
    }
  }

  /// All but the server's own. Objects of a list don't say what they are.
  private static func fields(of object: KubernetesObject, _ manifest: Manifest) -> FieldValue {
    let kind = manifest.reference.kind
    let names = [("apiVersion", "\(kind.groupVersion)"), ("kind", kind.kind)]
      .map { FieldValue.Entry(key: $0, value: .scalar(.string($1))) }
    guard case .mapping(let entries) = ServerFields.removed(from: object.root) else { return .mapping(names) }
    return .mapping(names + entries.filter { $0.key != "apiVersion" && $0.key != "kind" })
  }

  private func refused(
    _ manifest: Manifest, _ live: KubernetesObject, _ error: KubernetesError
  ) async throws -> ObjectPreview? {
    let isReplaced = manifest.mayBeReplaced && error.isAboutImmutable
    var refusal = try await isReplaced ? replacement(manifest) : refusal(manifest, error)
    let compared = try compared(.change, manifest, live)
    (refusal.origin, refusal.before, refusal.after) = (manifest.origin, compared?.before, compared?.after)
    return refusal
  }

  private func replacement(_ manifest: Manifest) async throws -> ObjectPreview {
    do {
      try await applier.tryReplacement(manifest)
      return ObjectPreview(manifest.name, .replace)
    } catch {
      return try refusal(manifest, error)
    }
  }

  /// - Throws: What says nothing about the object: a server that can't be reached, a token that isn't valid any more.
  private func refusal(_ manifest: Manifest, _ error: KubernetesError) throws -> ObjectPreview {
    let ofObject: [KubernetesError.Code] = [.invalid, .conflict, .forbidden, .notFound, .tooLarge, .serverFailure]
    guard ofObject.contains(error.code) else { throw error }
    let fault = RefusedObject(manifest, error).fault
    return ObjectPreview(
      manifest.name, .refuse, origin: manifest.origin, reason: fault.what, remedy: fault.remedy)
  }

  private func drift(_ manifest: Manifest, _ live: KubernetesObject) throws -> ObjectPreview? {
    manifest.wishes.isOnlyMade || applier.sparing.isWhole(manifest) ? nil : try compared(.drift, manifest, live)
  }

  /// By the fields that the manifest sets, without asking the server.
  private func compared(
    _ action: ObjectPreview.Action, _ manifest: Manifest, _ live: KubernetesObject
  ) throws(KubernetesError) -> ObjectPreview? {
    let comparison = try applier.comparer.comparison(
      manifest, live, sparing: applier.sparing.fields.fields(of: manifest.name))
    if comparison.isEqual { return nil }
    return ObjectPreview(
      manifest.name, action, origin: manifest.origin, before: try comparison.found(),
      after: try comparison.expected(), by: try comparison.change().attribution)
  }
}
