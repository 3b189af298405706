import Documents
import Kubernetes
import MooringModel

/// The objects of a release, each of them once, with the namespaces that they go to.
struct ManifestSet: Sendable {
  /// By file and line.
  let manifests: [Manifest]
  private let places: [ObjectName: Int]
  private let identities: [Identity: Int]
  let kinds: Set<GroupVersionKind>
  /// Kinds that the release itself brings along.
  let definitions: CustomKinds

  /// - Parameters:
  ///   - reach: Where they may be.
  ///   - scopes: Whether kinds of the server are namespaced; `nil` for what it doesn't know.
  /// - Throws: `Fault` that names the object: of an unknown kind, of two that are one, of a name that is none, of one that is
  ///   somewhere else.
  init(
    _ drafts: [ManifestReader.Draft], within reach: ManifestReach, scopes: [GroupVersionKind: Bool]
  ) throws(Fault) {
    definitions = try Self.definitions(among: drafts)
    var manifests: [Manifest] = []
    var seen: [Identity: Manifest.Origin] = [:]
    for draft in drafts {
      let kind = draft.kind
      guard let isNamespaced = scopes[kind] ?? definitions.isNamespaced(kind) else {
        throw Fault(
          .refusedContent, "the cluster has no kind \(kind)", at: draft.origin.description,
          remedy: "install its CustomResourceDefinition, put that into the same release, or correct apiVersion and kind"
        )
      }
      let reference = try Self.reference(draft, isNamespaced ? draft.reference.namespace ?? reach.home : nil)
      try reach.check(reference, at: draft.origin)
      let identity = Identity(reference)
      if let other = seen.updateValue(draft.origin, forKey: identity) {
        throw Fault(
          .refusedContent, "\(ObjectName(reference)) stands in the release twice, also at \(other)",
          at: draft.origin.description, remedy: "remove one of them")
      }
      manifests.append(Manifest(reference: reference, wishes: draft.wishes, source: draft.source))
    }
    manifests = try Self.scaled(manifests)
    self.manifests = manifests
    kinds = Set(manifests.map(\.reference.kind))
    places = Dictionary(manifests.enumerated().map { ($1.name, $0) }) { first, _ in first }
    identities = Dictionary(manifests.enumerated().map { (Identity($1.reference), $0) }) { first, _ in first }
  }

  var namespacedKinds: Set<GroupVersionKind> {
    Set(manifests.filter { $0.reference.namespace != nil }.map(\.reference.kind))
  }

  subscript(name: ObjectName) -> Manifest? { places[name].map { manifests[$0] } }
  subscript(identity: Identity) -> Manifest? { identities[identity].map { manifests[$0] } }

  private static func definitions(among drafts: [ManifestReader.Draft]) throws(Fault) -> CustomKinds {
    let sources = drafts.lazy.filter { $0.kind.groupKind == .customResourceDefinition }.map(\.source)
    do { return try CustomKinds(sources) } catch { throw Fault(error) }
  }

  private static func scaled(_ manifests: [Manifest]) throws(Fault) -> [Manifest] {
    let autoscaled: AutoscaledWorkloads
    do { autoscaled = try AutoscaledWorkloads(manifests) } catch { throw Fault(error) }
    return autoscaled.isEmpty ? manifests : manifests.map { $0.scaled(by: autoscaled.scaler(of: $0.reference)) }
  }

  private static func reference(
    _ draft: ManifestReader.Draft, _ namespace: String?
  ) throws(Fault) -> ObjectReference {
    do {
      try NameRule.pathSegment.check(draft.reference.name)
      if let namespace { try NameRule.label.check(namespace) }
    } catch {
      throw Fault(
        .refusedContent, error.description, at: draft.origin.description, remedy: "correct it in the repository")
    }
    return ObjectReference(draft.kind, namespace: namespace, name: draft.reference.name)
  }
}

/// What tells objects apart, whichever version they are written in.
struct Identity: Hashable, Sendable {
  let kind: GroupKind
  let namespace: String?
  let name: String

  init(_ reference: ObjectReference) {
    kind = reference.kind.groupKind
    namespace = reference.namespace
    name = reference.name
  }
}

/// The kinds that CustomResourceDefinitions among some objects define.
struct CustomKinds: Sendable {
  private var scopes: [GroupVersionKind: Bool] = [:]

  init(of manifests: [Manifest]) throws(KubernetesError) {
    try self.init(manifests.lazy.filter { $0.reference.kind.groupKind == .customResourceDefinition }.map(\.source))
  }

  /// - Parameter definitions: Where to read CustomResourceDefinitions.
  init(_ definitions: some Sequence<ManifestSource>) throws(KubernetesError) {
    for definition in definitions {
      let object = try definition.root()
      let spec = object["spec"]
      guard let group = spec?["group"]?.text, let kind = spec?["names"]?["kind"]?.text else { continue }
      let versions = (spec?["versions"]?.elements ?? []).compactMap { $0["name"]?.text } + [spec?["version"]?.text]
      for version in versions.compactMap({ $0 }) {
        scopes[GroupVersionKind(GroupVersion(group: group, version: version), kind)] =
          spec?["scope"]?.text != "Cluster"
      }
    }
  }

  func isNamespaced(_ kind: GroupVersionKind) -> Bool? { scopes[kind] }
}

extension GroupKind {
  static let customResourceDefinition = GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition")
  static let namespace = GroupKind(group: "", kind: "Namespace")
}
