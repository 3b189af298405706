import Documents
import Kubernetes

/// A manifest as it is sent to the server.
enum ApplyBody {
  /// The fields of the manifest without the server's own, with its namespace and the labels that say whose it is.
  ///
  /// A port without a protocol gets `TCP`: it is part of the list's key, and servers before 1.21 don't fill it in when
  /// they apply (kubernetes issue 92332). Amounts of Kubernetes' own kinds become texts: when they apply, servers take
  /// `cpu: "1"` and not `cpu: 1`.
  ///
  /// - Parameters:
  ///   - fields: Other fields than all of the manifest's.
  ///   - version: Only over this version of what is there.
  static func json(
    _ manifest: Manifest, owner: ObjectOwner, fields: FieldValue? = nil, version: String? = nil
  ) throws(KubernetesError) -> JSONBody {
    try JSONBody(Self.fields(manifest, owner: owner, of: fields, version: version))
  }

  /// The same as a tree.
  static func fields(
    _ manifest: Manifest, owner: ObjectOwner, of fields: FieldValue? = nil, version: String? = nil
  ) throws(KubernetesError) -> FieldValue {
    let all = if let fields { fields } else { FieldValue(try manifest.root) }
    guard case .mapping(var entries) = all else {
      throw KubernetesError(.invalid, "not an object", request: "\(manifest.name)")
    }
    let known = entries.first { $0.key == "metadata" }?.value.entries ?? []
    entries.removeAll { $0.key == "status" || $0.key == "metadata" }
    let isOwn = manifest.reference.kind.isOfKubernetes
    entries = entries.map { .init(key: $0.key, value: prepared($0.value, at: FieldPath(keys: $0.key), isOwn)) }
    entries.append(.init(key: "metadata", value: metadata(manifest, known, owner, version)))
    return .mapping(entries)
  }

  private static func metadata(
    _ manifest: Manifest, _ known: [FieldValue.Entry], _ owner: ObjectOwner, _ version: String?
  ) -> FieldValue {
    let own = [
      "uid", "resourceVersion", "generation", "selfLink", "creationTimestamp", "managedFields", "namespace", "name",
    ]
    var entries = [FieldValue.Entry(key: "name", value: .scalar(.string(manifest.reference.name)))]
    let labels = known.first { $0.key == "labels" }?.value.entries ?? []
    entries += known.filter { !own.contains($0.key) && $0.key != "labels" }
    if let namespace = manifest.reference.namespace {
      entries.append(.init(key: "namespace", value: .scalar(.string(namespace))))
    }
    if let version { entries.append(.init(key: "resourceVersion", value: .scalar(.string(version)))) }
    let ours = owner.labels
    let others = labels.filter { label in !ours.contains { $0.key == label.key } }
    entries.append(.init(key: "labels", value: .mapping(others + ours)))
    return .mapping(entries)
  }

  private static func prepared(_ value: FieldValue, at path: FieldPath, _ isOwn: Bool) -> FieldValue {
    switch value {
    case .scalar(let scalar):
      let isNumber = scalar.doubleValue != nil
      return isOwn && isNumber && Equivalence.isAmount(path) ? .scalar(.string(scalar.text)) : value
    case .mapping(let entries):
      return .mapping(
        entries.map { .init(key: $0.key, value: prepared($0.value, at: path.appending(key: $0.key), isOwn)) })
    case .sequence(let elements) where path.lastKey == "ports": return .sequence(elements.map(withProtocol))
    case .sequence(let elements):
      return .sequence(elements.enumerated().map { prepared($1, at: path.appending(.index($0)), isOwn) })
    }
  }

  private static func withProtocol(_ port: FieldValue) -> FieldValue {
    guard case .mapping(let entries) = port, !entries.contains(where: { $0.key == "protocol" }),
      entries.contains(where: { $0.key == "containerPort" || $0.key == "port" && $0.value.scalar?.intValue != nil })
    else { return port }
    return .mapping(entries + [.init(key: "protocol", value: .scalar(.string("TCP")))])
  }
}

extension GroupVersionKind {
  /// Whether it comes with Kubernetes, and isn't a custom resource's.
  var isOfKubernetes: Bool { !group.contains(".") || group.hasSuffix(".k8s.io") }
}

extension FieldValue {
  /// Of a mapping; none of anything else.
  fileprivate var entries: [Entry] {
    if case .mapping(let entries) = self { entries } else { [] }
  }
}
