import Testing

@testable import Readiness

/// What becomes of objects and interfaces, as tables: a change and the rules that find it.
@Suite struct ObjectRuleTests {
  private func rules(_ base: String?, _ head: String?, _ path: String = "app/a.yaml") -> [Rule] {
    let file = Change.File(path: path, base: base.map { Array($0.utf8) }, head: head.map { Array($0.utf8) })
    return Change(files: [file]).findings().map(\.rule)
  }

  private static func object(_ kind: String, _ rest: String) -> String {
    "apiVersion: v1\nkind: \(kind)\nmetadata: { name: a }\n\(rest)\n"
  }

  @Test(arguments: [
    ("DaemonSet", "spec: { selector: { a: 1 } }", "spec: { selector: { a: 2 } }", [Rule.fieldImmutable]),
    (
      "StatefulSet", "spec: { podManagementPolicy: Parallel }", "spec: { podManagementPolicy: OrderedReady }",
      [.fieldImmutable]
    ),
    ("StatefulSet", "spec: { replicas: 1 }", "spec: { replicas: 2 }", []),
    ("Job", "spec: { template: { a: 1 } }", "spec: { template: { a: 2 } }", [.fieldImmutable]),
    ("RoleBinding", "roleRef: { name: a }", "roleRef: { name: b }", [.fieldImmutable]),
    ("Secret", "type: Opaque", "type: tls", [.fieldImmutable]),
    ("ConfigMap", "data: { a: b }", "data: { a: c }", []),
    ("ConfigMap", "data: { a: b }", "data: { a: b }\nimmutable: true", [.fieldImmutable]),
    ("ConfigMap", "immutable: true\ndata: { a: b }", "immutable: true\ndata: { a: c }", [.fieldImmutable]),
    (
      "PersistentVolumeClaim", "spec: { resources: { requests: { storage: 1Gi } } }",
      "spec: { resources: { requests: { storage: 2Gi } } }", [.fieldImmutable]
    ),
    (
      "PersistentVolumeClaim", "spec: { accessModes: [ReadWriteOnce] }", "spec: { accessModes: [ReadWriteMany] }",
      [.fieldImmutable]
    ),
    ("CustomResourceDefinition", "spec: { scope: Cluster }", "spec: { scope: Namespaced }", [.fieldImmutable]),
    ("StorageClass", "provisioner: a", "provisioner: b", [.fieldImmutable]),
  ])
  func `Fields that Kubernetes won't change back are named`(
    _ kind: String, _ base: String, _ head: String, _ wanted: [Rule]
  ) {
    #expect(rules(Self.object(kind, base), Self.object(kind, head)) == wanted)
  }

  @Test func `A claim that goes takes its data along, wherever it is written, and one that moves doesn't`() {
    let claim = Self.object("PersistentVolumeClaim", "spec: {}")
    #expect(rules(claim, nil) == [.dataDestroyed])
    let moved = [
      Change.File(path: "a.yaml", base: Array(claim.utf8), head: nil),
      Change.File(path: "b.yaml", base: nil, head: Array(claim.utf8)),
    ]
    #expect(Change(files: moved).findings() == [])
  }

  private static func api(_ schema: String, _ more: String = "") -> String {
    """
    openapi: 3.1.0
    paths:
      /orders/{id}:
        get:
          parameters:
            - { name: id, in: path, required: true, schema: { type: string } }
          responses:
            "200": { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
        put:
          requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
    \(more)
    components:
      schemas:
        Order: \(schema)

    """
  }

  @Test(arguments: [
    ("{ properties: { a: { type: string } } }", "{ properties: {} }", [Rule.apiRemoved, .apiRemoved]),
    ("{ properties: { a: { type: string } } }", "{ properties: { a: { type: string }, b: { type: string } } }", []),
    ("{ properties: { a: { enum: [x, y] } } }", "{ properties: { a: { enum: [x] } } }", [.apiNarrowed]),
    ("{ properties: { a: { maxLength: 9 } } }", "{ properties: { a: { maxLength: 8 } } }", [.apiNarrowed]),
    ("{ properties: { a: { maxLength: 9 } } }", "{ properties: { a: { maxLength: 10 } } }", []),
    (
      "{ properties: { a: { type: string } } }", "{ required: [a], properties: { a: { type: string } } }",
      [.apiRequires]
    ),
    (
      "{ required: [a], properties: { a: { type: string } } }", "{ properties: { a: { type: string } } }", [.apiRemoved]
    ),
    (
      "{ properties: { a: { $ref: '#/components/schemas/Order' } } }",
      "{ properties: { a: { $ref: '#/components/schemas/Order' } } }", []
    ),
  ])
  func `Schemas behind references are compared, the way that values go`(
    _ base: String, _ head: String, _ wanted: [Rule]
  ) {
    #expect(rules(Self.api(base), Self.api(head), "app/openapi.yaml") == wanted)
  }

  @Test func `Operations and parameters that go, and a document in JSON, are found`() {
    let (base, schema) = (Self.api("{ type: object }", "  /old: { get: {} }"), "{ type: object }")
    #expect(rules(base, Self.api(schema), "app/openapi.yaml") == [.apiRemoved])
    let json = #"{"openapi": "3.0.0", "paths": {"/a": {"get": {"parameters": []}}}}"#
    let asks =
      #"{"openapi": "3.0.0", "paths": {"/a": {"get": {"parameters": [{"name": "q", "in": "query", "required": true}]}}}}"#
    #expect(rules(json, asks, "app/openapi.json") == [.apiRequires])
    #expect(rules(asks, json, "app/openapi.json") == [.apiRemoved])
    #expect(rules(json, nil, "app/openapi.json") == [.apiRemoved])
  }

  @Test func `How much may change at once is as the thresholds say`() {
    let files = (1...4).map { number in
      let deployment = { (replicas: Int) in
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: s\(number) }\nspec: { replicas: \(replicas) }\n"
      }
      return Change.File(path: "s\(number).yaml", base: Array(deployment(1).utf8), head: Array(deployment(2).utf8))
    }
    func rules(_ services: Int) -> [Rule] {
      Change(files: files).findings(ReadinessPolicy(thresholds: .init(services: services))).map(\.rule)
    }
    #expect(rules(4) == [] && rules(3) == [.mixedChange])
    let quota = Change.File(
      path: "q.yaml", base: nil, head: Array(Self.object("ResourceQuota", "spec: {}").utf8))
    let image = { (tag: String) in Array("services: { a: { image: \"r.example/a:\(tag)-3f9c2d1\" } }".utf8) }
    let change = Change(files: [quota, Change.File(path: "c.yaml", base: image("1"), head: image("2"))])
    #expect(change.findings().map(\.rule) == [.mixedChange])
    #expect(change.findings(ReadinessPolicy(thresholds: .init(kinds: 2))) == [])
  }
}
