import Documents
import Kubernetes

/// Workloads of which an autoscaler in the same release says how many replicas they have: the manifest's number counts only
/// when they are made.
///
/// Servers before 1.22 don't record who scales, so that it can't be read from the object.
struct AutoscaledWorkloads {
  static let field = FieldPath(keys: "spec", "replicas")

  private static let kinds: Set = [
    GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler"), GroupKind(group: "keda.sh", kind: "ScaledObject"),
  ]

  private var scalers: [Identity: ObjectReference] = [:]

  /// `HorizontalPodAutoscaler` (kubernetes.io, "Horizontal Pod Autoscaling") and KEDA's `ScaledObject` (keda.sh, "Scaling
  /// Deployments"), which leaves kind and version out of what it names.
  init(_ manifests: [Manifest]) throws(KubernetesError) {
    for manifest in manifests where Self.kinds.contains(manifest.reference.kind.groupKind) {
      guard
        let target = try manifest.root["spec"]?["scaleTargetRef"], let name = target["name"]?.text
      else { continue }
      let workload = GroupVersionKind(
        apiVersion: target["apiVersion"]?.text ?? "apps/v1", kind: target["kind"]?.text ?? "Deployment")
      scalers[
        Identity(ObjectReference(workload, namespace: manifest.reference.namespace, name: name))] = manifest.reference
    }
  }

  var isEmpty: Bool { scalers.isEmpty }

  /// What says how many replicas an object has.
  func scaler(of reference: ObjectReference) -> ObjectReference? { scalers[Identity(reference)] }
}
