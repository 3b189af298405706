public import Documents

extension KubernetesObject {
  public var metadata: Node? { root["metadata"] }
  /// Of this very object: one of the same name that comes after it has another.
  public var uid: String? { text("uid") }
  /// Opaque; changes with every write.
  public var resourceVersion: String? { text("resourceVersion") }
  /// Counts the changes of the specification; not every kind has it.
  public var generation: Int64? { metadata?["generation"]?.scalar?.intValue }
  /// When it was made, in RFC 3339.
  public var creationTimestamp: String? { text("creationTimestamp") }
  /// When its deletion was asked for; finalizers hold it back.
  public var deletionTimestamp: String? { text("deletionTimestamp") }
  public var labels: [String: String] { texts("labels") }
  public var annotations: [String: String] { texts("annotations") }
  public var finalizers: [String] { metadata?["finalizers"]?.elements.map(\.text) ?? [] }

  public func annotation(_ key: String) -> String? { metadata?["annotations"]?[key]?.text }
  public func label(_ key: String) -> String? { metadata?["labels"]?[key]?.text }

  public var ownerReferences: [OwnerReference] {
    metadata?["ownerReferences"]?.elements.compactMap(OwnerReference.init) ?? []
  }

  private func text(_ key: String) -> String? { metadata?[key]?.scalar?.stringValue }

  private func texts(_ key: String) -> [String: String] {
    let entries = metadata?[key]?.entries ?? []
    return Dictionary(entries.map { ($0.key, $0.value.text) }) { first, _ in first }
  }
}

/// Another object, of the same namespace or of the whole cluster, with which this one is deleted.
public struct OwnerReference: Hashable, Sendable {
  public let kind: GroupVersionKind
  public let name: String
  public let uid: String
  public let isController: Bool

  init?(_ node: Node) {
    guard let apiVersion = node["apiVersion"]?.text, let kind = node["kind"]?.text, let name = node["name"]?.text,
      let uid = node["uid"]?.text
    else { return nil }
    self.kind = GroupVersionKind(apiVersion: apiVersion, kind: kind)
    self.name = name
    self.uid = uid
    isController = node["controller"]?.scalar?.boolValue ?? false
  }
}
