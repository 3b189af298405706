import Documents
import Kubernetes

/// Objects that a cluster, or a controller in it, makes for itself.
enum ClusterOwn {
  private static let names: Set<String> = [
    "ConfigMap/kube-root-ca.crt", "ConfigMap/openshift-service-ca.crt", "ConfigMap/istio-ca-root-cert",
    "ServiceAccount/default",
  ]
  private static let kinds: Set<String> = [
    "Event", "Endpoints", "EndpointSlice", "Lease", "ControllerRevision", "PodMetrics",
  ]
  /// Annotations by which controllers say that an object is theirs, where they don't name an owner.
  private static let annotations = [
    // client-go, `tools/leaderelection`; cert-manager.io, "Certificate".
    "control-plane.alpha.kubernetes.io/leader", "cert-manager.io/certificate-name",
  ]

  /// Whether an owner, the cluster, or Mooring itself explains that an object is there.
  static func explains(_ object: KubernetesObject) -> Bool {
    if !object.ownerReferences.isEmpty || kinds.contains(object.kind.kind) { return true }
    if object.label(InventoryStore.label) != nil { return true }
    if names.contains("\(object.kind.kind)/\(object.name)") { return true }
    if annotations.contains(where: { object.annotation($0) != nil }) { return true }
    if object.kind.kind == "Service", object.name == "kubernetes", object.namespace == "default" { return true }
    return isMadeSecret(object) || isClaimOfSet(object)
  }

  private static func isMadeSecret(_ object: KubernetesObject) -> Bool {
    let type = object.root["type"]?.text ?? ""
    return object.kind.kind == "Secret" && (type == "kubernetes.io/service-account-token" || type.hasPrefix("helm.sh/"))
  }

  /// The controller makes a claim for each replica of a StatefulSet and leaves it when that goes: it is known by the
  /// manager alone.
  private static func isClaimOfSet(_ object: KubernetesObject) -> Bool {
    guard object.kind.kind == "PersistentVolumeClaim", let entries = try? object.managedFields else { return false }
    let modes = FieldPath(keys: "spec", "accessModes")
    return entries.contains { $0.manager == "kube-controller-manager" && $0.fields.reaches(modes) }
  }
}
