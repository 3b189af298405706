/// Which object: its kind, namespace and name.
public struct ObjectReference: Hashable, Sendable {
  public let kind: GroupVersionKind
  /// `nil` for objects of the whole cluster.
  public let namespace: String?
  public let name: String

  public init(_ kind: GroupVersionKind, namespace: String? = nil, name: String) {
    self.kind = kind
    self.namespace = namespace
    self.name = name
  }
}

extension ObjectReference: CustomStringConvertible {
  /// `Deployment.apps shop/web`
  public var description: String { "\(kind.groupKind) \(namespace.map { "\($0)/" } ?? "")\(name)" }
}
