import MooringModel

/// What an account may do, as `rbac.authorization.k8s.io/v1` says it.
struct AccessRights: Sendable, Hashable {
  struct Resource: Sendable, Hashable {
    var group: String
    /// In the plural, as it stands in paths.
    var name: String
  }

  /// Verbs of one resource; for some of its objects, or for all.
  private struct Scope: Hashable {
    /// `nil` for the whole cluster.
    var namespace: String?
    var resource: Resource
    /// Empty for all objects.
    var names: [String]
  }

  struct Rule: Sendable, Hashable {
    var resource: Resource
    var verbs: [String]
    var names: [String]
  }

  private var verbs: [Scope: Set<String>] = [:]

  init() {}

  mutating func allow(
    _ verbs: Set<String>, _ resource: Resource, in namespace: String?, names: Set<String> = []
  ) {
    guard !verbs.isEmpty else { return }
    self.verbs[Scope(namespace: namespace, resource: resource, names: names.sorted()), default: []].formUnion(verbs)
  }

  /// Namespaces in which something is allowed.
  var namespaces: [String] { Set(verbs.keys.compactMap(\.namespace)).sorted() }

  /// In a namespace, or of the whole cluster where it is `nil`. What is allowed of all objects isn't said of some again.
  func rules(in namespace: String?) -> [Rule] {
    verbs.filter { $0.key.namespace == namespace }.compactMap { scope, verbs in
      let all = scope.names.isEmpty ? [] : self.verbs[Scope(namespace: namespace, resource: scope.resource, names: [])]
      let left = verbs.subtracting(all ?? [])
      return left.isEmpty ? nil : Rule(resource: scope.resource, verbs: Self.sorted(left), names: scope.names)
    }
    .sorted {
      ($0.resource.group, $0.resource.name, $0.names.count) < ($1.resource.group, $1.resource.name, $1.names.count)
    }
  }

  /// In the order in which people write them.
  private static func sorted(_ verbs: Set<String>) -> [String] {
    let order = ["get", "list", "watch", "create", "update", "patch", "delete", "bind", "escalate"]
    return order.filter(verbs.contains)
  }
}
