import Documents
import Testing

@testable import Kubernetes

@Suite struct ObjectTests {
  @Test(arguments: [
    ("a: 1", #"{"a":1}"#), ("a: 1.50", #"{"a":1.50}"#), ("a: 0x1F", #"{"a":31}"#), ("a: 0o17", #"{"a":15}"#),
    ("a: .5", #"{"a":0.5}"#), ("a: ~", #"{"a":null}"#), ("a: 'x\ty\"\\'", #"{"a":"x\ty\"\\"}"#),
    ("a: \"\\n\\u0001é\"", #"{"a":"\n\u0001é"}"#), ("[]", "[]"), ("{}", "{}"),
    ("a: {b: [1, yes, true]}", #"{"a":{"b":[1,"yes",true]}}"#),
    ("a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}", #"{"a":{"b":1},"c":{"b":1},"d":{"e":2,"b":1}}"#),
    ("a: 123456789012345678901234567890", #"{"a":123456789012345678901234567890}"#),
  ])
  func treesAreWrittenAsJSON(_ source: String, _ json: String) throws {
    let root = try yaml(source)
    #expect(try String(decoding: JSONBody(root).bytes, as: UTF8.self) == json)
    #expect(try JSONBody(FieldValue(root)) == JSONBody(root))
  }

  @Test(arguments: ["a: .inf", "a: .nan"]) func numbersThatJSONHasNotAreRefused(_ source: String) throws {
    let root = try yaml(source)
    #expect(throws: KubernetesError.self) { try JSONBody(root) }
  }

  @Test func anObjectTellsItsMetadata() throws {
    let object = try KubernetesObject(
      yaml(
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: web-1
          namespace: shop
          uid: u
          resourceVersion: "12"
          generation: 3
          labels: {app: web}
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d, controller: true}]
        """))
    #expect(object.reference.description == "ReplicaSet.apps shop/web-1")
    #expect(object.uid == "u")
    #expect(object.resourceVersion == "12")
    #expect(object.generation == 3)
    #expect(object.labels == ["app": "web"])
    #expect(object.ownerReferences.map(\.name) == ["web"])
    #expect(try object.detached().reference == object.reference)
  }

  @Test(arguments: ["[]", "{kind: A}", "{apiVersion: v1, kind: A}", "{apiVersion: v1, kind: A, metadata: {name: ''}}"])
  func whatIsNoObjectIsRefused(_ source: String) throws {
    let root = try yaml(source)
    #expect(throws: KubernetesError.self) { try KubernetesObject(root) }
  }
}
