public import Documents

/// One object as the server has it: a tree of fields, of which the metadata can be asked for by name.
///
/// It is a view: the bytes that it was read from stay in memory with it, which for an object of a list is the whole
/// page. ``detached()`` copies what is to be kept.
public struct KubernetesObject: Sendable {
  public let root: Node
  public let reference: ObjectReference

  /// - Parameter kind: What it is where the object doesn't say so itself, as those of a list don't.
  /// - Throws: `malformed` where it isn't a mapping, or has no kind or name.
  public init(_ root: Node, kind: GroupVersionKind? = nil) throws(KubernetesError) {
    guard root.kind == .mapping, let kind = Self.kind(of: root) ?? kind else {
      throw KubernetesError(.malformed, "an object without apiVersion and kind")
    }
    guard let metadata = root["metadata"], let name = metadata["name"]?.scalar?.stringValue, !name.isEmpty else {
      throw KubernetesError(.malformed, "a \(PlainText.plain(kind.kind, limit: 63)) without a name")
    }
    self.root = root
    let namespace = metadata["namespace"]?.scalar?.stringValue
    reference = ObjectReference(kind, namespace: namespace?.isEmpty == true ? nil : namespace, name: name)
  }

  private static func kind(of root: Node) -> GroupVersionKind? {
    guard let version = root["apiVersion"]?.scalar?.stringValue, let kind = root["kind"]?.scalar?.stringValue,
      !version.isEmpty, !kind.isEmpty
    else { return nil }
    return GroupVersionKind(apiVersion: version, kind: kind)
  }

  public var kind: GroupVersionKind { reference.kind }
  public var namespace: String? { reference.namespace }
  public var name: String { reference.name }

  /// The same object with a memory of its own.
  public func detached() throws(KubernetesError) -> KubernetesObject {
    try KubernetesObject(JSONBody(root).parsed(), kind: kind)
  }
}
