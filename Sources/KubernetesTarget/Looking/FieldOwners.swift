import Documents
import Kubernetes

/// Who has set which fields of an object: Mooring, other people and programs, or the cluster itself.
///
/// Managed fields tell (kubernetes.io, "Server-Side Apply", field management).
struct FieldOwners: Sendable {
  /// What this environment's deployments have set; `nil` where that isn't known.
  var ours: FieldSet?
  /// What others have set and we haven't.
  var others = FieldSet()
  /// What controllers of the cluster have set, and nobody else has.
  var cluster = FieldSet()
  private var managers: [ManagedFields] = []
  private var silent: [ManagedFields] = []

  init(ours: FieldSet? = nil, others: FieldSet = FieldSet(), cluster: FieldSet = FieldSet()) {
    self.ours = ours
    self.others = others
    self.cluster = cluster
  }

  /// - Parameters:
  ///   - ignored: Managers that nothing is said of, besides the cluster's own.
  ///   - isShared: Whether what others add is theirs.
  init(
    of object: KubernetesObject, ours manager: String, ignoring ignored: Set<String>, isShared: Bool = false
  ) throws(KubernetesError) {
    let all = try object.managedFields.filter { $0.subresource != "status" }
    let own = all.filter { $0.manager == manager && $0.operation == .apply }
    let rest = all.filter { !($0.manager == manager && $0.operation == .apply) }
    silent = rest.filter { ignored.contains($0.manager) || Self.isOfCluster($0.manager) }
    managers = rest.filter { !ignored.contains($0.manager) && !Self.isOfCluster($0.manager) }
    let ours = Self.union(own)
    self.ours = ours
    others = isShared ? FieldSet() : Self.union(managers).subtracting(ours)
    cluster = Self.union(silent).subtracting(ours).subtracting(others)
  }

  /// What anybody but us has set, whether we have set it too or not.
  var everybodyElse: FieldSet { Self.union(managers + silent) }

  /// What controllers of the cluster have set and no person has, whether we have set it too or not.
  var controllers: FieldSet { Self.union(silent).subtracting(Self.union(managers)) }

  /// Who changed a field last: of those that have it, the one with the latest time.
  ///
  /// - Parameter live: The object, since the server may know elements of lists by other fields than we do.
  func author(of path: FieldPath, in live: Node) -> ManagedFields? { last(of: managers, at: path, in: live) }

  /// The same of controllers, and of others that nothing is said of.
  func controller(of path: FieldPath, in live: Node) -> ManagedFields? { last(of: silent, at: path, in: live) }

  private func last(of entries: [ManagedFields], at path: FieldPath, in live: Node) -> ManagedFields? {
    entries.filter { $0.fields.touches(path.components[...], in: live) }.max { ($0.time ?? "") < ($1.time ?? "") }
  }

  private static func union(_ managers: [ManagedFields]) -> FieldSet {
    managers.map(\.fields).reduce(FieldSet()) { $0.union($1) }
  }

  /// Kubernetes' own components, and those that fill in what their purpose is to fill in.
  static func isOfCluster(_ manager: String) -> Bool {
    let known = [
      "kube-controller-manager", "kube-scheduler", "kube-apiserver", "kubelet", "cloud-controller-manager",
      "clusterrole-aggregation-controller", "cert-manager-cainjector", "vpa-admission-controller", "vpa-updater",
    ]
    return known.contains(manager) || manager.hasPrefix("cert-manager-cainjector")
  }
}

extension FieldSet {
  /// What of the set lies in an element: the server may know it by more fields than one, or by others.
  func element(_ node: Node, _ component: FieldPath.Component) -> FieldSet? {
    if let exact = children[component] { return exact }
    return children.first { candidate, _ in
      guard case .element(let key, let value) = candidate else { return false }
      return key.isEmpty ? node.text == value : ListKeys.identity(of: node, by: ListKeys.fields(of: key)) == value
    }?.value
  }

  /// Whether a whole list or mapping is in the set, and not its parts one by one.
  var isAtomic: Bool { isMember && children.isEmpty }

  /// Whether the field is in the set, one below it, or one that it is a part of.
  fileprivate func touches(_ components: ArraySlice<FieldPath.Component>, in node: Node?) -> Bool {
    guard let first = components.first else { return !isEmpty }
    if isAtomic { return true }
    let next = node.flatMap { $0.child(at: first) }
    let part = next.flatMap { element($0, first) } ?? children[first]
    return part?.touches(components.dropFirst(), in: next) ?? false
  }
}

extension Node {
  /// What one component of a path leads to.
  fileprivate func child(at component: FieldPath.Component) -> Node? {
    switch component {
    case .key(let key): return self[key]
    case .index(let index):
      let elements = elements
      return elements.indices.contains(index) ? elements[index] : nil
    case .element(let key, let value):
      return elements.first {
        key.isEmpty ? $0.text == value : ListKeys.identity(of: $0, by: ListKeys.fields(of: key)) == value
      }
    }
  }
}
