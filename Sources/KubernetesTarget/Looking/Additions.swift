import Documents
import Kubernetes

/// Which fields of an object somebody else has set, and who.
///
/// Managed fields tell (kubernetes.io, "Server-Side Apply", field management): what a manager has that isn't ours and isn't
/// a controller of the cluster's own doing.
struct Additions: Sendable {
  let fields: FieldSet
  private let managers: [ManagedFields]

  /// - Parameter ignored: Managers that nothing is said of, besides the cluster's own.
  init(_ object: KubernetesObject, ours manager: String, ignoring ignored: Set<String>) throws(KubernetesError) {
    let all = try object.managedFields
    let ours = all.filter { $0.manager == manager && $0.operation == .apply }.map(\.fields)
      .reduce(FieldSet()) { $0.union($1) }
    managers = all.filter { entry in
      !(entry.manager == manager && entry.operation == .apply) && entry.subresource != "status"
        && !ignored.contains(entry.manager) && !Self.isOfCluster(entry.manager)
    }
    fields = managers.map(\.fields).reduce(FieldSet()) { $0.union($1) }.subtracting(ours)
  }

  /// Who changed a field last: of those that have it, the one with the latest time.
  func author(of path: FieldPath) -> ManagedFields? {
    managers.filter { $0.fields.covers(path) || $0.fields.reaches(path) }.max { ($0.time ?? "") < ($1.time ?? "") }
  }

  /// Kubernetes' own components, and those that fill in what their purpose is to fill in.
  private static func isOfCluster(_ manager: String) -> Bool {
    let known = [
      "kube-controller-manager", "kube-scheduler", "kube-apiserver", "kubelet", "cloud-controller-manager",
      "clusterrole-aggregation-controller", "cert-manager-cainjector", "vpa-admission-controller", "vpa-updater",
    ]
    return known.contains(manager) || manager.hasPrefix("cert-manager-cainjector")
  }
}
