import Documents
import Kubernetes
import Testing

@testable import KubernetesTarget

@Suite("A live object seen through its manifest") struct ProjectionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var what: String
    var manifest: String
    var live: String
    /// Paths as in `spec.containers[name=a]`: whose they are.
    var ours: [String]?
    var others: [String] = []
    var cluster: [String] = []
    var ignored: [String] = []
    /// What is found instead; `nil` where nothing differs.
    var found: String?

    var testDescription: String { what }
  }

  static let cases: [Case] = [
    Case(what: "the same", manifest: "{data: {a: '1'}}", live: "{data: {a: '1'}}"),
    Case(what: "a default", manifest: "{spec: {a: 1}}", live: "{spec: {a: 1, b: Always, c: [{name: x}]}}"),
    Case(what: "another value", manifest: "{spec: {a: 1}}", live: "{spec: {a: 2}}", found: "{spec: {a: 2}}"),
    Case(
      what: "a field that is gone", manifest: "{spec: {a: 1, b: 2}}", live: "{spec: {a: 1}}", found: "{spec: {a: 1}}"),
    Case(
      what: "an added field", manifest: "{metadata: {labels: {a: x}}}",
      live: "{metadata: {labels: {a: x, b: y, c: z}}}",
      others: ["metadata.labels.b"], found: "{metadata: {labels: {a: x, b: y}}}"),
    Case(
      what: "an added field in what the manifest doesn't have", manifest: "{spec: {a: 1}}",
      live: "{spec: {a: 1, b: {c: 1, d: 2}}}", others: ["spec.b.c"], found: "{spec: {a: 1, b: {c: 1}}}"),
    Case(
      what: "the server's own fields", manifest: "{apiVersion: v1, metadata: {name: a, generation: 1}, status: {x: 1}}",
      live:
        "{apiVersion: v2, metadata: {name: a, generation: 7, labels: {mooring.dev/environment: b}}, status: {x: 2}}",
      others: ["status.x", "metadata.generation", #"metadata.labels["mooring.dev/environment"]"#]),
    Case(
      what: "amounts in another spelling",
      manifest: "{resources: {limits: {cpu: 1000m, memory: 1024Mi}}, sizeLimit: 1Gi, target: {value: 0.5}}",
      live: "{resources: {limits: {cpu: '1', memory: 1Gi}}, sizeLimit: 1024Mi, target: {value: 500m}}"),
    Case(
      what: "another amount", manifest: "{limits: {cpu: 1000m}}", live: "{limits: {cpu: 1001m}}",
      found: "{limits: {cpu: 1001m}}"),
    Case(
      what: "texts that look like amounts", manifest: "{data: {limits: '1000m'}, env: [{name: a, value: '1k'}]}",
      live: "{data: {limits: '1'}, env: [{name: a, value: '1000'}]}",
      found: "{data: {limits: '1'}, env: [{name: a, value: '1000'}]}"),
    Case(
      what: "a label that looks like an amount", manifest: "{metadata: {labels: {storage: '1000m'}}}",
      live: "{metadata: {labels: {storage: '1'}}}", found: "{metadata: {labels: {storage: '1'}}}"),
    Case(
      what: "its kind, which a list leaves out", manifest: "{apiVersion: v1, kind: Secret, data: {a: x}}",
      live: "{data: {a: y}}", found: "{apiVersion: v1, kind: Secret, data: {a: y}}"),
    Case(what: "numbers", manifest: "{a: 1.0, b: 1e3}", live: "{a: 1, b: 1000}"),
    Case(what: "a number and a text", manifest: "{a: 80}", live: "{a: '80'}", found: "{a: '80'}"),
    Case(
      what: "what is empty and left out", manifest: "{spec: {strategy: {}, args: [], x: null, y: '', z: 0, w: false}}",
      live: "{spec: {}}"),
    Case(
      what: "what is empty and left out, and still ours", manifest: "{spec: {minReadySeconds: 0}}", live: "{spec: {}}",
      ours: ["spec.minReadySeconds"]),
    Case(
      what: "what somebody removed, though it looks like nothing",
      manifest: "{spec: {automountServiceAccountToken: false, strategy: {}}}", live: "{spec: {}}", ours: [],
      found: "{spec: {strategy: {}}}"),
    Case(
      what: "a controller's doing", manifest: "{spec: {replicas: 2, list: [a]}}",
      live: "{spec: {replicas: 7, list: [b]}}",
      ours: [], cluster: ["spec.replicas", "spec.list"]),
    Case(
      what: "elements by their names", manifest: "{containers: [{name: a, image: x}, {name: b, image: y}]}",
      live: "{containers: [{name: b, image: y, pull: Always}, {name: a, image: z}]}",
      found: "{containers: [{name: a, image: z}, {name: b, image: y}]}"),
    Case(
      what: "an added container", manifest: "{containers: [{name: a, image: x}]}",
      live: "{containers: [{name: a, image: x}, {name: spy, image: y}]}",
      others: ["containers[name=spy]", "containers[name=spy].image"],
      found: "{containers: [{name: a, image: x}, {name: spy, image: y}]}"),
    Case(
      what: "an injected container that nobody owns", manifest: "{containers: [{name: a, image: x}]}",
      live: "{containers: [{name: a, image: x}, {name: sidecar, image: y}]}"),
    Case(
      what: "an added variable in a container", manifest: "{containers: [{name: a, env: [{name: X, value: '1'}]}]}",
      live: "{containers: [{name: a, env: [{name: X, value: '1'}, {name: Y, value: '2'}]}]}",
      others: ["containers[name=a].env[name=Y].value"],
      found: "{containers: [{name: a, env: [{name: X, value: '1'}, {name: Y, value: '2'}]}]}"),
    Case(
      what: "ports without protocol", manifest: "{ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}]}",
      live: "{ports: [{containerPort: 53, protocol: TCP}, {containerPort: 53, protocol: UDP}]}"),
    Case(
      what: "an added port, which the server knows by two fields", manifest: "{ports: [{name: a, port: 80}]}",
      live: "{ports: [{name: a, port: 80, protocol: TCP, targetPort: 80}, {name: b, port: 81, protocol: TCP}]}",
      others: ["ports[port,protocol=81,TCP].port"],
      found: "{ports: [{name: a, port: 80}, {name: b, port: 81, protocol: TCP}]}"),
    Case(
      what: "an element in a list that is one value", manifest: "{subjects: [{kind: User, name: ann}]}",
      live: "{subjects: [{kind: User, name: ann}, {kind: User, name: eve}]}", others: ["subjects"],
      found: "{subjects: [{kind: User, name: ann}, {kind: User, name: eve}]}"),
    Case(
      what: "scalars in a list", manifest: "{args: [a, b]}", live: "{args: [a, c]}", found: "{args: [a, c]}"),
    Case(
      what: "a scalar more in a list", manifest: "{args: [a]}", live: "{args: [a, b]}", found: "{args: [a, b]}"),
    Case(
      what: "finalizers that controllers add", manifest: "{metadata: {finalizers: [a]}}",
      live: "{metadata: {finalizers: [b, a]}}"),
    Case(
      what: "a finalizer that somebody adds", manifest: "{metadata: {finalizers: [a]}}",
      live: "{metadata: {finalizers: [b, a]}}", others: [#"metadata.finalizers[""=b]"#],
      found: "{metadata: {finalizers: [a, b]}}"),
    Case(
      what: "an ignored field", manifest: "{spec: {replicas: 1, a: 1}}", live: "{spec: {replicas: 2, a: 1, b: 3}}",
      others: ["spec.b"], ignored: ["spec.replicas", "spec.b"]),
    Case(what: "an ignored object", manifest: "{a: 1}", live: "{a: 2}", ignored: [""]),
    Case(
      what: "pods that were asked to restart", manifest: "{spec: {template: {metadata: {annotations: {a: x}}}}}",
      live:
        "{spec: {template: {metadata: {annotations: {a: x, kubectl.kubernetes.io/restartedAt: '2026-01-01T00:00:00Z'}}}}}",
      others: [#"spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]"#]),
  ]

  @Test func whatTheServerMakesOfOurValuesCountsAsOurs() throws {
    let manifest = try Release.node("{spec: {image: a, args: [a], gone: x, theirs: a, scaled: 1}}")
    let live = try Release.node("{spec: {image: m/a, args: [a, b], theirs: m/a, scaled: 4}}")
    let owners = FieldOwners(
      ours: FieldSet(
        try ["spec.image", "spec.args", "spec.gone", "spec.scaled"].map { try FieldPath(parsing: $0) }),
      others: FieldSet([FieldPath(keys: "spec", "theirs")]))
    let open = Projection(of: manifest, on: live, owners: owners).rewritten
    #expect(Set(open.keys.map(\.description)) == ["spec.image", "spec.args", "spec.gone", "spec.scaled"])
    let known = open.filter { $0.key != FieldPath(keys: "spec", "scaled") }
    let projection = Projection(of: manifest, on: live, owners: owners, rewritten: known)
    let found = try Release.node("{spec: {image: a, args: [a], gone: x, theirs: m/a, scaled: 4}}")
    #expect(projection.found == FieldValue(found))
    #expect(Array(projection.rewritten.keys) == [FieldPath(keys: "spec", "scaled")])
    // Made of another value it is another.
    let other = known.mapValues { Rewritings.Rewriting(wanted: .scalar(.string("other")), made: $0.made) }
    #expect(Projection(of: manifest, on: live, owners: owners, rewritten: other).rewritten == open)
  }

  @Test(arguments: cases) func whatDiffersIsWhatPeopleChanged(_ one: Case) throws {
    func set(_ paths: [String]) throws -> FieldSet { FieldSet(try paths.map { try FieldPath(parsing: $0) }) }
    let projection = Projection(
      of: try Release.node(one.manifest), on: try Release.node(one.live),
      owners: FieldOwners(
        ours: try one.ours.map(set), others: try set(one.others), cluster: try set(one.cluster)),
      ignoring: try one.ignored.map { try FieldPath(parsing: $0) })
    guard let found = one.found else {
      #expect(projection.isEqual, "\(projection.found) where \(projection.expected) is expected")
      return
    }
    #expect(!projection.isEqual)
    #expect(projection.found == FieldValue(try Release.node(found)))
  }
}
