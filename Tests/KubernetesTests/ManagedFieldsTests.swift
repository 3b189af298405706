import Documents
import Testing

@testable import Kubernetes

/// The form of `fieldsV1` is that of structured-merge-diff (`fieldpath/serialize-pe.go`); the example is of kubernetes.io,
/// "Server-Side Apply".
@Suite struct ManagedFieldsTests {
  private static let source = #"""
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","managedFields":[
    {"manager":"kubectl","operation":"Apply","apiVersion":"v1","time":"2010-10-10T00:00:00Z","fieldsType":"FieldsV1",
     "fieldsV1":{"f:metadata":{"f:labels":{"f:test-label":{}},"f:finalizers":{".":{},"v:\"a/b\"":{}}},
      "f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{},
       "f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}},
       "f:args":{"i:0":{}}}}}}},
    {"manager":"kubelet","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","subresource":"status","fieldsV1":{}}]}}
    """#

  private func fields() throws -> [ManagedFields] {
    let object = try KubernetesObject(node(Self.source))
    return try object.managedFields
  }

  @Test func managersAndTheirFieldsAreRead() throws {
    let all = try fields()
    #expect(all.map(\.manager) == ["kubectl", "kubelet"])
    #expect(all.map(\.operation) == [.apply, .update])
    #expect(all[0].time == "2010-10-10T00:00:00Z")
    #expect(all[1].subresource == "status")
    #expect(all[1].fields.isEmpty)
    #expect(
      all[0].fields.paths.map(\.description) == [
        "metadata.finalizers", #"metadata.finalizers[""=a/b]"#, "metadata.labels.test-label",
        "spec.containers[name=web]",
        "spec.containers[name=web].args[0]", "spec.containers[name=web].image",
        "spec.containers[name=web].ports[containerPort,protocol=80,TCP]",
        "spec.containers[name=web].ports[containerPort,protocol=80,TCP].containerPort",
      ])
  }

  @Test func aSetTellsWhatItHas() throws {
    let set = try fields()[0].fields
    let image = try FieldPath(parsing: "spec.containers[name=web].image")
    let spec = FieldPath(keys: "spec")
    #expect(set.contains(image))
    #expect(!set.contains(spec))
    #expect(set.reaches(spec))
    #expect(!set.covers(spec))
    #expect(set.covers(try FieldPath(parsing: "metadata.labels.test-label.below")))
    #expect(!set.reaches(try FieldPath(parsing: "metadata.labels.other")))
  }

  @Test func setsAreJoinedAndTakenFromEachOther() throws {
    let a = FieldSet([FieldPath(keys: "a"), FieldPath(keys: "b", "c")])
    let b = FieldSet([FieldPath(keys: "b", "c"), FieldPath(keys: "b", "d")])
    #expect(a.union(b).paths.map(\.description) == ["a", "b.c", "b.d"])
    #expect(a.subtracting(b).paths.map(\.description) == ["a"])
    #expect(a.subtracting(a).isEmpty)
    #expect(a.union(a) == a)
  }

  @Test(arguments: ["x:a", "f", "k:[", "i:x", "k:{"]) func otherFormsAreRefused(_ key: String) throws {
    let writer = try JSONBody(.mapping([.init(key: key, value: .mapping([]))]))
    let root = try writer.parsed()
    #expect(throws: KubernetesError.self) { try FieldSet(fieldsV1: root) }
  }
}
