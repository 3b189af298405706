import Documents
import Kubernetes
import MooringModel

/// One look at an environment's objects in a cluster.
struct ClusterLook: Sendable {
  let client: APIClient
  let environment: String
  let manager: String
  let options: KubernetesTargetOptions
  let rules: LookRules
  let identity: @Sendable ([UInt8]) throws -> ContentID
  let authors: ObjectAuthors

  // MARK: Everything

  /// Lists what carries our label, kind by kind, and asks for what is missing there by name; then lists what nobody
  /// explains.
  func everything(_ manifests: ManifestSet) async throws -> LiveReport {
    var differences: [LiveDifference] = []
    let judged = manifests.manifests.filter { $0.wishes.hook == nil && !isIgnored($0.name) }
    var left = Dictionary(judged.map { (Identity($0.reference), $0) }) { first, _ in first }
    for place in Set(judged.map { Place($0.reference) }).sorted() {
      let selector = ObjectSelector(labels: "\(ManagedObject.label)=\(environment)")
      try await each(place.kind, in: place.namespace, selector) { object in
        guard let manifest = left.removeValue(forKey: Identity(object.reference)) else { return }
        if let difference = try difference(manifest, object) { differences.append(difference) }
      }
    }
    for manifest in left.values.sorted(by: { $0.name < $1.name }) {
      if let difference = try await difference(manifest) { differences.append(difference) }
    }
    differences += try await strangers(beside: manifests)
    return LiveReport(differences: differences.sorted { $0.object < $1.object }, compared: judged.count)
  }

  private struct Place: Hashable, Comparable {
    let kind: GroupVersionKind
    let namespace: String?

    init(_ reference: ObjectReference) {
      kind = reference.kind
      namespace = reference.namespace
    }

    static func < (a: Self, b: Self) -> Bool {
      (a.kind.description, a.namespace ?? "") < (b.kind.description, b.namespace ?? "")
    }
  }

  /// Objects of a kind, one after the other. Where its definition was deleted there are none: they are missed one by one.
  private func each(
    _ kind: GroupVersionKind, in namespace: String?, _ selector: ObjectSelector,
    _ body: (KubernetesObject) throws -> Void
  ) async throws {
    do {
      let resource = try await client.resource(for: kind)
      for try await page in client.pages(of: resource, namespace: namespace, selector: selector) {
        for object in page.objects { try body(object) }
      }
    } catch let error as KubernetesError {
      guard [.unsupported, .notFound].contains(error.code) else { throw error }
      // What was known of the server's kinds may be old.
      if error.code == .notFound { await client.discovery.forget() }
    }
  }

  private func isIgnored(_ object: ObjectName) -> Bool {
    rules.ignore(object.components, isFolder: false, isOurs: true)
  }

  // MARK: Single objects

  func objects(_ names: Set<ObjectName>, _ manifests: ManifestSet) async throws -> LiveReport {
    var differences: [LiveDifference] = []
    let wanted = manifests.manifests.filter { names.contains($0.name) && $0.wishes.hook == nil && !isIgnored($0.name) }
    for manifest in wanted {
      if let difference = try await difference(manifest) { differences.append(difference) }
    }
    let unknown = names.subtracting(manifests.manifests.map(\.name))
    if !unknown.isEmpty {
      differences += try await strangers(beside: manifests).filter { unknown.contains($0.object) }
    }
    return LiveReport(differences: differences.sorted { $0.object < $1.object }, compared: wanted.count)
  }

  private func difference(_ manifest: Manifest) async throws -> LiveDifference? {
    do {
      return try difference(manifest, try await client.get(manifest.reference))
    } catch let error as KubernetesError {
      guard [.notFound, .unsupported].contains(error.code) else { throw error }
      let author = authors.author(of: .gone, manifest.reference, found: nil)
      return LiveDifference(
        object: manifest.name, expected: LiveObject(kind: .object), found: nil, changed: author?.at, by: author)
    }
  }

  private func difference(_ manifest: Manifest, _ live: KubernetesObject) throws -> LiveDifference? {
    if manifest.wishes.isOnlyMade { return nil }
    let comparison = try Comparison(manifest, with: live, manager: manager, ignoring: options.ignoredManagers)
    if comparison.isEqual { return nil }
    let (expected, found) = (try comparison.expected(), try comparison.found())
    let now = LiveObject(kind: .object, content: try identity(found), size: found.count)
    let author = authors.author(of: try comparison.change(), manifest.reference, found: now)
    return LiveDifference(
      object: manifest.name, expected: LiveObject(kind: .object, content: try identity(expected), size: expected.count),
      found: now, changed: author?.at, by: author)
  }

  // MARK: Untracked objects

  /// Objects of kinds that the release has, in the environment's namespaces, which nothing in Git and no owner explains.
  private func strangers(beside manifests: ManifestSet) async throws -> [LiveDifference] {
    let ours = Set(manifests.manifests.map { Identity($0.reference) })
    let kinds = Set(manifests.manifests.filter { $0.reference.namespace != nil }.map(\.reference.kind))
    var found: [LiveDifference] = []
    for kind in kinds.sorted(by: { $0.description < $1.description }) {
      for namespace in [options.namespace] + options.namespaces {
        try await each(kind, in: namespace, ObjectSelector(labels: "!\(ManagedObject.label)")) { object in
          if isStranger(object, ours) { found.append(stranger(object)) }
        }
      }
    }
    return found
  }

  private func isStranger(_ object: KubernetesObject, _ ours: Set<Identity>) -> Bool {
    !ours.contains(Identity(object.reference)) && !ClusterOwn.explains(object)
      && !rules.ignore(ObjectName(object.reference).components, isFolder: false, isOurs: false)
      && object.annotation("mooring.dev/ignore") != "true"
  }

  private func stranger(_ object: KubernetesObject) -> LiveDifference {
    let first = (try? object.managedFields)?.min { ($0.time ?? "") < ($1.time ?? "") }
    let made = object.creationTimestamp.flatMap { Timestamp(parsing: $0) }
    let found = LiveObject(kind: .object, stamp: object.uid)
    let author = authors.author(of: .made(by: first?.manager, at: made), object.reference, found: found)
    return LiveDifference(
      object: ObjectName(object.reference), expected: nil, found: found, changed: made, by: author)
  }
}
