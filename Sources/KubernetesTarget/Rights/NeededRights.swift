import Documents
import Kubernetes
import MooringModel

/// What an environment's account has to be allowed, no more: for the objects that a release has, for those that the
/// inventory says are there, and for the inventory, the Lease and the record beside them.
struct NeededRights {
  private static let maps = AccessRights.Resource(group: "", name: "configmaps")
  private static let leases = AccessRights.Resource(group: "coordination.k8s.io", name: "leases")
  private static let pods = AccessRights.Resource(group: "", name: "pods")
  private static let events = AccessRights.Resource(group: "", name: "events")
  private static let sets = AccessRights.Resource(group: "apps", name: "replicasets")

  let options: KubernetesTargetOptions
  /// What a kind is called in paths.
  let resources: [GroupVersionKind: APIResource]
  private(set) var rights = AccessRights()

  init(
    _ environment: EnvironmentName, _ options: KubernetesTargetOptions, resources: [GroupVersionKind: APIResource]
  ) {
    self.options = options
    self.resources = resources
    let name: Set<String> = ["mooring-\(environment)"]
    // Parts of a large inventory have names that nobody knows beforehand.
    rights.allow(["get", "list", "watch", "create", "update", "delete"], Self.maps, in: options.namespace)
    rights.allow(["list", "watch", "create"], Self.leases, in: options.namespace)
    rights.allow(["get", "update"], Self.leases, in: options.namespace, names: name)
  }

  // MARK: Objects of the release

  mutating func add(_ manifest: Manifest) throws(KubernetesError) {
    switch manifest.wishes.hook {
    case .before, .after:
      allow(["get", "create", "patch"], manifest.reference)
      if manifest.isMadeAnew || !manifest.wishes.hookDeletion.isEmpty { allow(["delete"], manifest.reference) }
    case .never, .leftAlone: return
    case nil:
      add(manifest.reference, isDeleted: manifest.wishes.keeping == .allowed || manifest.mayBeReplaced)
    }
    try addGranting(manifest)
  }

  // MARK: Objects that are there

  mutating func add(_ item: ClusterInventory.Item) { add(item.reference, isDeleted: item.keeping == .allowed) }

  private mutating func add(_ reference: ObjectReference, isDeleted: Bool) {
    guard let resource = resource(reference) else { return }
    allow(["get", "list", "watch", "create", "patch"], reference)
    let isPruned = !PrunePlan.isProtected(reference.kind) || options.prune.kinds.contains(reference.kind.kind)
    if isDeleted || isPruned { allow(["delete"], reference) }
    guard let namespace = reference.namespace else { return }
    addTelling(reference.kind, in: namespace)
    // Where others' objects are told of.
    for other in options.allNamespaces { rights.allow(["list", "watch"], resource, in: other) }
  }

  /// What says why an object isn't as it should be.
  private mutating func addTelling(_ kind: GroupVersionKind, in namespace: String) {
    if !ClusterTarget.isInert(kind) { rights.allow(["list"], Self.events, in: namespace) }
    if WorkloadPods.kinds.contains(kind.kind) { rights.allow(["list"], Self.pods, in: namespace) }
    if WorkloadPods.kindsWithSets.contains(kind.kind) { rights.allow(["list"], Self.sets, in: namespace) }
    guard CanaryTarget.applies(to: kind) else { return }
    for name in ["deployments", "daemonsets"] {
      rights.allow(["get"], AccessRights.Resource(group: "apps", name: name), in: namespace)
    }
  }

  /// Of what belongs to the whole cluster only the objects that are named; what lists and makes can't name any.
  private mutating func allow(_ verbs: Set<String>, _ reference: ObjectReference) {
    guard let resource = resource(reference) else { return }
    guard reference.namespace == nil else { return rights.allow(verbs, resource, in: reference.namespace) }
    let unnamed: Set<String> = ["list", "watch", "create"]
    rights.allow(verbs.intersection(unnamed), resource, in: nil)
    rights.allow(verbs.subtracting(unnamed), resource, in: nil, names: [reference.name])
  }

  private func resource(_ reference: ObjectReference) -> AccessRights.Resource? {
    resources[reference.kind].map { AccessRights.Resource(group: $0.kind.group, name: $0.name) }
  }

  // MARK: Rights that a release gives to others

  /// A server lets nobody give rights that they haven't themselves, unless they may `escalate` the role or `bind` it.
  private mutating func addGranting(_ manifest: Manifest) throws(KubernetesError) {
    let reference = manifest.reference
    guard reference.kind.group == "rbac.authorization.k8s.io" else { return }
    switch reference.kind.kind {
    case "Role", "ClusterRole":
      guard let resource = resource(reference) else { return }
      rights.allow(["escalate"], resource, in: reference.namespace, names: [reference.name])
    case "RoleBinding", "ClusterRoleBinding":
      let role = try manifest.root["roleRef"]
      guard let kind = role?["kind"]?.text, let name = role?["name"]?.text else { return }
      let resource = AccessRights.Resource(
        group: "rbac.authorization.k8s.io", name: kind == "Role" ? "roles" : "clusterroles")
      rights.allow(["bind"], resource, in: reference.namespace, names: [name])
    default: break
    }
  }
}
