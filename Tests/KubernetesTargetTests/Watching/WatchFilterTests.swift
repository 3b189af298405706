import Documents
import Kubernetes
import MooringModel
import Testing

@testable import KubernetesTarget

@Suite("Which of a cluster's changes concern an environment") struct WatchFilterTests {
  private static let map = GroupVersionKind(apiVersion: "v1", kind: "ConfigMap")
  private let filter = WatchFilter(
    owner: ObjectOwner(environment: "prod", namespace: "shop"), namespaces: ["shop", "more"],
    known: [Identity(ObjectReference(map, namespace: "elsewhere", name: "ours"))], kinds: [map],
    release: nil)

  private func object(_ namespace: String, _ name: String, _ labels: String = "{}", kind: String = "ConfigMap") throws
    -> KubernetesObject
  {
    try Release.object(
      "{apiVersion: v1, kind: \(kind), metadata: {name: \(name), namespace: \(namespace), labels: \(labels)}}")
  }

  static let changes: [(namespace: String, name: String, labels: String, kind: String, concerns: Bool)] = [
    ("elsewhere", "ours", "{}", "ConfigMap", true), ("elsewhere", "other", "{}", "ConfigMap", false),
    ("shop", "new", "{}", "ConfigMap", true), ("more", "new", "{}", "ConfigMap", true),
    ("shop", "new", "{}", "Secret", false),
    ("shop", "a", "{mooring.dev/environment: prod, mooring.dev/environment-namespace: shop}", "ConfigMap", true),
    ("elsewhere", "a", "{mooring.dev/environment: prod, mooring.dev/environment-namespace: shop}", "ConfigMap", true),
    ("shop", "a", "{mooring.dev/environment: prod, mooring.dev/environment-namespace: more}", "ConfigMap", false),
    ("shop", "a", "{mooring.dev/environment: test}", "ConfigMap", false),
  ]

  @Test(arguments: changes) func areThoseOfItsObjectsAndNamespaces(
    _ namespace: String, _ name: String, _ labels: String, _ kind: String, _ concerns: Bool
  ) throws {
    let object = try object(namespace, name, labels, kind: kind)
    #expect(filter.concerns(object.reference, object) == concerns)
  }

  @Test func whatIsGoneConcernsOnlyWhomItBelongedTo() throws {
    let ours = ObjectReference(Self.map, namespace: "elsewhere", name: "ours")
    #expect(filter.concerns(ours, nil))
    #expect(!filter.concerns(ObjectReference(Self.map, namespace: "shop", name: "other"), nil))
  }

  @Test func itsInventoryIsKnownAndReadForNewObjects() throws {
    let zeros = String(repeating: "0", count: 40)
    func inventory(_ data: String) throws -> KubernetesObject {
      try Release.object(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: mooring-prod, namespace: shop}, data: \(data)}")
    }
    let known = try inventory("{objects: \"v1 ConfigMap elsewhere/ours \(zeros)\\n\"}")
    #expect(filter.isInventory(known.reference))
    #expect(!filter.isInventory(ObjectReference(Self.map, namespace: "elsewhere", name: "mooring-prod@shop")))
    #expect(!filter.hasOtherObjects(known))
    #expect(filter.hasOtherObjects(try inventory("{objects: \"v1 Secret shop/new \(zeros)\\n\"}")))
    #expect(filter.hasOtherObjects(try inventory("{release: \(zeros), objects: ''}")), "the rest is in other parts")
    #expect(!filter.hasOtherObjects(try inventory("{pending: x, objects: \"v1 Secret shop/new \(zeros)\\n\"}")))
  }

  static let entries: [(entries: String, isOurs: Bool)] = [
    ("[]", false), ("[{manager: mooring-prod@shop, operation: Apply, time: '2'}]", true),
    (
      "[{manager: mooring-prod@shop, operation: Apply, time: '2'}, {manager: kubectl, operation: Update, time: '1'}]",
      true
    ),
    (
      "[{manager: mooring-prod@shop, operation: Apply, time: '1'}, {manager: kubectl, operation: Update, time: '2'}]",
      false
    ),
    (
      "[{manager: mooring-prod@shop, operation: Apply, time: '1'}, {manager: kubectl, operation: Update, time: '1'}]",
      false
    ),
    (
      "[{manager: mooring-prod@shop, operation: Apply, time: '1'}, {manager: k, operation: Update, subresource: status, time: '1'}]",
      true
    ),
  ]

  @Test(arguments: entries) func ourOwnDoingIsKnown(_ entries: String, _ isOurs: Bool) throws {
    let full = entries.replacing("operation:", with: "apiVersion: v1, fieldsType: FieldsV1, operation:")
    let object = try Release.object(
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, managedFields: \(full)}}")
    #expect(filter.isOurs(object) == isOurs)
  }
}

@Suite("What of an object people change") struct ContentHashTests {
  static let base = "metadata: {name: a, uid: u, labels: {x: y}, annotations: {a: b}}, spec: {a: [1, {b: c}]}"
  private func hash(_ fields: String) throws -> ContentHash {
    ContentHash(try Release.object("{apiVersion: v1, kind: X, \(fields)}"))
  }

  @Test(arguments: [
    "metadata: {name: a, uid: u, resourceVersion: '7', generation: 2, labels: {x: y}, annotations: {a: b}}, spec: {a: [1, {b: c}]}",
    "metadata: {name: a, uid: u, labels: {x: y}, annotations: {a: b, deployment.kubernetes.io/revision: '2'}}, spec: {a: [1, {b: c}]}",
    base + ", status: {x: 1}",
  ]) func isNotWhatChangesByItself(_ fields: String) throws {
    #expect(try hash(Self.base) == hash(fields))
  }

  @Test func isTheSameInAListAndInAWatch() throws {
    let listed = try Release.node("{\(Self.base)}")
    let kind = GroupVersionKind(apiVersion: "v1", kind: "X")
    #expect(try ContentHash(KubernetesObject(listed, kind: kind)) == hash(Self.base))
  }

  @Test(arguments: [
    "metadata: {name: a, uid: v, labels: {x: y}, annotations: {a: b}}, spec: {a: [1, {b: c}]}",
    "metadata: {name: a, uid: u, labels: {x: z}, annotations: {a: b}}, spec: {a: [1, {b: c}]}",
    "metadata: {name: a, uid: u, labels: {x: y, mooring.dev/environment: e}, annotations: {a: b}}, spec: {a: [1, {b: c}]}",
    "metadata: {name: a, uid: u, labels: {x: y}, annotations: {a: c}}, spec: {a: [1, {b: c}]}",
    "metadata: {name: a, uid: u, labels: {x: y}, annotations: {a: b}}, spec: {a: [1, {b: d}]}",
  ]) func isAnythingElse(_ fields: String) throws {
    #expect(try hash(Self.base) != hash(fields))
  }
}
