import Documents
import Kubernetes
import Testing

@testable import KubernetesTarget

@Suite("What is sent over an object of which not all is ours") struct SparedBodyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var what: String
    var manifest: String
    var live: String
    /// Paths as in `spec.containers[name=a]`: whose they are.
    var ours: [String] = []
    var others: [String] = []
    var controllers: [String] = []
    var spared: [String] = []
    var yieldsToAll = false
    /// By a heal: nothing is made that is spared.
    var heals = false
    var sent: String

    var testDescription: String { what }
  }

  static let cases: [Case] = [
    Case(
      what: "nothing is spared", manifest: "{data: {a: '1'}}", live: "{data: {a: '2', b: '3'}}", others: ["data.a"],
      sent: "{data: {a: '1'}}"),
    Case(
      what: "somebody else has it", manifest: "{data: {a: '1', b: '1'}}", live: "{data: {a: '2', b: '2'}}",
      ours: ["data.b"], others: ["data.a"], spared: ["data.a"], sent: "{data: {b: '1'}}"),
    Case(
      what: "somebody else has it as well as we", manifest: "{data: {a: '1', b: '1'}}",
      live: "{data: {a: '1', b: '1'}}", ours: ["data.a", "data.b"], others: ["data.a"], spared: ["data.a"],
      sent: "{data: {b: '1'}}"),
    Case(
      what: "only we have it", manifest: "{spec: {replicas: 1}}", live: "{spec: {replicas: 4}}",
      ours: ["spec.replicas"], spared: ["spec.replicas"], sent: "{spec: {replicas: 4}}"),
    Case(
      what: "only we have it, and the manifest has it no more", manifest: "{spec: {paused: true}}",
      live: "{spec: {replicas: 4, paused: false}}", ours: ["spec.replicas", "spec.paused"], spared: ["spec.replicas"],
      sent: "{spec: {paused: true, replicas: 4}}"),
    Case(
      what: "nobody has it", manifest: "{spec: {replicas: 3, paused: true}}", live: "{spec: {replicas: 1}}",
      spared: ["spec.replicas"], sent: "{spec: {paused: true}}"),
    Case(
      what: "it isn't there", manifest: "{data: {a: '1', b: '1'}}", live: "{data: {b: '1'}}", spared: ["data.a"],
      sent: "{data: {a: '1', b: '1'}}"),
    Case(
      what: "it isn't there any more", manifest: "{data: {a: '1', b: '1'}}", live: "{data: {b: '1'}}",
      spared: ["data.a"], heals: true, sent: "{data: {b: '1'}}"),
    Case(
      what: "all that a mapping has is somebody else's", manifest: "{kind: A, data: {a: '1'}}",
      live: "{kind: A, data: {a: '2'}}", others: ["data.a"], spared: ["data"], sent: "{kind: A}"),
    Case(
      what: "a field of an element", manifest: "{c: [{name: a, image: x, tty: true}, {name: b, image: x}]}",
      live: "{c: [{name: b, image: y}, {name: a, image: y, tty: false}]}", ours: ["c[name=a].name", "c[name=a].tty"],
      others: ["c[name=a].image"], spared: ["c[name=a].image"],
      sent: "{c: [{name: a, tty: true}, {name: b, image: x}]}"),
    Case(
      what: "an element keeps the fields by which it is known", manifest: "{ports: [{port: 80, targetPort: 1}]}",
      live: "{ports: [{port: 80, protocol: TCP, targetPort: 2}]}",
      ours: ["ports[port,protocol=80,TCP].targetPort"], others: ["ports[port,protocol=80,TCP].port"],
      spared: ["ports[port=80]"], sent: "{ports: [{targetPort: 2, port: 80, protocol: TCP}]}"),
    Case(
      what: "an element that is all somebody else's", manifest: "{c: [{name: a}, {name: b, image: x}]}",
      live: "{c: [{name: a}, {name: b, image: y}]}", ours: ["c[name=a].name"],
      others: ["c[name=b].name", "c[name=b].image"], spared: ["c[name=b]"], sent: "{c: [{name: a}]}"),
    Case(
      what: "an element that we had, and the manifest has no more", manifest: "{c: [{name: a}]}",
      live: "{c: [{name: a}, {name: b, image: y}]}", ours: ["c[name=a].name", "c[name=b].name", "c[name=b].image"],
      spared: ["c[name=b]"], sent: "{c: [{name: a}, {name: b, image: y}]}"),
    Case(
      what: "a part of what is one value", manifest: "{subjects: [{name: ann}]}",
      live: "{subjects: [{name: ann}, {name: eve}]}", ours: ["subjects"], others: ["subjects"],
      spared: ["subjects[name=eve]"], sent: "{subjects: [{name: ann}, {name: eve}]}"),
    Case(
      what: "an element by its place", manifest: "{args: [a, b]}", live: "{args: [c, d]}", ours: ["args"],
      spared: ["args[1]"], sent: "{args: [a, d]}"),
    Case(
      what: "what a controller has", manifest: "{spec: {replicas: 1, paused: true}}",
      live: "{spec: {replicas: 4, paused: false}}", ours: ["spec.paused"], controllers: ["spec.replicas"],
      sent: "{spec: {paused: true}}"),
    Case(
      what: "what a person has", manifest: "{spec: {replicas: 1}}", live: "{spec: {replicas: 4}}",
      others: ["spec.replicas"], sent: "{spec: {replicas: 1}}"),
    Case(
      what: "what a person has in an object of which nothing is said", manifest: "{spec: {replicas: 1, paused: true}}",
      live: "{spec: {replicas: 4, paused: false}}", ours: ["spec.paused"], others: ["spec.replicas"],
      yieldsToAll: true, sent: "{spec: {paused: true}}"),
    Case(
      what: "who has the mapping hasn't what is in it", manifest: "{data: {a: '1'}}", live: "{data: {a: '2'}}",
      ours: ["data.a"], controllers: ["data"], sent: "{data: {a: '1'}}"),
    Case(
      what: "an empty mapping", manifest: "{spec: {emptyDir: {}, a: 1}}", live: "{spec: {emptyDir: {}, a: 2}}",
      ours: ["spec.emptyDir"], others: ["spec.a"], spared: ["spec.a"], sent: "{spec: {emptyDir: {}}}"),
  ]

  @Test(arguments: cases) func whatIsNotOursStaysAsItIs(_ one: Case) throws {
    func set(_ paths: [String]) throws -> FieldSet { FieldSet(try paths.map { try FieldPath(parsing: $0) }) }
    let everybody = try set(one.others + one.controllers)
    let body = SparedBody(
      try Release.node(one.manifest), over: try Release.node(one.live), ours: try set(one.ours), others: everybody,
      yielding: one.yieldsToAll ? everybody : try set(one.controllers),
      sparing: try one.spared.map { try FieldPath(parsing: $0) }, makesMissing: !one.heals)
    #expect(body.value == FieldValue(try Release.node(one.sent)), "\(body.value)")
  }
}
