import Testing

@testable import KubernetesTarget

@Suite("Objects that nobody has to explain") struct ClusterOwnTests {
  static let objects: [(text: String, isExplained: Bool)] = [
    ("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}", false),
    ("{apiVersion: v1, kind: ConfigMap, metadata: {name: kube-root-ca.crt}}", true),
    ("{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}", true),
    ("{apiVersion: v1, kind: ServiceAccount, metadata: {name: other}}", false),
    ("{apiVersion: v1, kind: Service, metadata: {name: kubernetes, namespace: default}}", true),
    ("{apiVersion: v1, kind: Service, metadata: {name: kubernetes, namespace: shop}}", false),
    ("{apiVersion: v1, kind: Secret, metadata: {name: a}, type: Opaque}", false),
    ("{apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/service-account-token}", true),
    ("{apiVersion: v1, kind: Secret, metadata: {name: a}, type: helm.sh/release.v1}", true),
    ("{apiVersion: v1, kind: Secret, metadata: {name: a, annotations: {cert-manager.io/certificate-name: c}}}", true),
    ("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {mooring.dev/inventory: shop}}}", true),
    (
      "{apiVersion: v1, kind: Pod, metadata: {name: a, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r, uid: u}]}}",
      true
    ),
    ("{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: a}}", true),
    (
      """
      {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data-db-0, managedFields: [{manager: kube-controller-manager, operation: Update, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:spec": {"f:accessModes": {}}}}]}}
      """, true
    ),
    (
      """
      {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, managedFields: [{manager: kube-controller-manager, operation: Update, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:spec": {"f:volumeName": {}}}}]}}
      """, false
    ),
  ]

  @Test(arguments: objects) func areTheClustersOwn(_ text: String, _ isExplained: Bool) throws {
    #expect(ClusterOwn.explains(try Release.object(text)) == isExplained)
  }
}
