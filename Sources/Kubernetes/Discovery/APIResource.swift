/// A kind of objects as the server serves it: under which name, in namespaces or not, and what can be done with them.
public struct APIResource: Hashable, Sendable {
  public let kind: GroupVersionKind
  /// As it stands in paths: `deployments`.
  public let name: String
  public let isNamespaced: Bool
  /// `get`, `list`, `watch`, `create`, `patch`, `delete`, …
  public let verbs: Set<String>
  public let shortNames: [String]
  /// `status`, `scale`, …
  public internal(set) var subresources: Set<String>

  public init(
    _ kind: GroupVersionKind, name: String, isNamespaced: Bool, verbs: Set<String> = [], shortNames: [String] = [],
    subresources: Set<String> = []
  ) {
    self.kind = kind
    self.name = name
    self.isNamespaced = isNamespaced
    self.verbs = verbs
    self.shortNames = shortNames
    self.subresources = subresources
  }

  /// Whether its values are secret.
  var isSecret: Bool { kind.group.isEmpty && name == "secrets" }
}

extension APIResource: CustomStringConvertible {
  /// `deployments.apps`
  public var description: String { kind.group.isEmpty ? name : "\(name).\(kind.group)" }
}
