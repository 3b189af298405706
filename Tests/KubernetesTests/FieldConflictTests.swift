import Documents
import Testing

@testable import Kubernetes

/// The messages are of `k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go`.
@Suite struct FieldConflictTests {
  private func conflict(_ message: String, _ field: String) -> FieldConflict? {
    FieldConflict(Status.Cause(reason: "FieldManagerConflict", message: message, field: field))
  }

  @Test func theOtherManagerIsNamed() throws {
    let plain = try #require(conflict(#"conflict with "kubectl" using apps/v1"#, ".spec.replicas"))
    #expect(plain.manager == "kubectl")
    #expect(plain.subresource == nil)
    let scale = try #require(
      conflict(#"conflict with "kube-controller-manager" with subresource "scale" using apps/v1"#, ".spec.replicas"))
    #expect(scale.manager == "kube-controller-manager")
    #expect(scale.subresource == "scale")
  }

  @Test(arguments: [
    (".spec.replicas", "spec.replicas"),
    (#".spec.containers[name="web"].image"#, "spec.containers[name=web].image"),
    (
      #".spec.ports[containerPort=80,protocol="TCP"].name"#, "spec.ports[containerPort,protocol=80,TCP].name"
    ),
    (".metadata.annotations.example.com/a.b", #"metadata.annotations["example.com/a.b"]"#),
    (#".metadata.finalizers[="x]y"]"#, #"metadata.finalizers[""="x]y"]"#),
    (".spec.args[1]", "spec.args[1]"),
  ])
  func theServersPathsAreReadAlongTheObject(_ field: String, _ path: String) throws {
    let object = try yaml("{metadata: {annotations: {example.com/a.b: x, example: y}}, spec: {replicas: 1}}")
    let found = try #require(conflict(#"conflict with "a""#, field))
    #expect(found.path(in: object)?.description == path)
  }

  @Test(arguments: ["spec", ".a[", ".a[x", #".a[x="]"#, ".a[x=1"]) func otherTextsAreNoPaths(_ field: String) throws {
    let object = try yaml("{}")
    #expect(ServerFieldPath(field).path(in: object) == nil)
  }
}
