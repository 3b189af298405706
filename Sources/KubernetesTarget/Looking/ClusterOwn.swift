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
  static func explains(_ object: KubernetesObject) -> Bool { reason(for: object) != nil }

  /// By what an object is explained.
  static func reason(for object: KubernetesObject) -> String? {
    if let owner = object.ownerReferences.first { return "\(owner.kind.kind) \(owner.name) owns it" }
    if kinds.contains(object.kind.kind) { return "controllers make objects of its kind" }
    if object.label(InventoryStore.label) != nil { return "Mooring keeps its own record in it" }
    if names.contains("\(object.kind.kind)/\(object.name)") { return "the cluster makes one in each namespace" }
    if let annotation = annotations.first(where: { object.annotation($0) != nil }) {
      return "its annotation \(annotation) says that a controller made it"
    }
    if object.kind.kind == "Service", object.name == "kubernetes", object.namespace == "default" {
      return "the cluster makes it for itself"
    }
    if isMadeSecret(object) { return "secrets of its type are made by controllers and Helm" }
    return isClaimOfSet(object) ? "the controller of a StatefulSet made it" : nil
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
