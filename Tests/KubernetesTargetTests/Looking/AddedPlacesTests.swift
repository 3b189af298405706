import Documents
import Kubernetes
import Testing

@testable import KubernetesTarget

@Suite("Where others added something") struct AddedPlacesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var what: String
    var manifest: String
    var live: String
    var additions: [String]
    var ignored: [String] = []
    var pointers: [String]

    var testDescription: String { what }
  }

  static let cases: [Case] = [
    Case(what: "nothing", manifest: "{a: 1}", live: "{a: 2, b: 3}", additions: [], pointers: []),
    Case(
      what: "what the manifest sets is no addition", manifest: "{a: 1}", live: "{a: 2}", additions: ["a"], pointers: []),
    Case(
      what: "keys with slashes and tildes", manifest: "{metadata: {labels: {a: x}}}",
      live: "{metadata: {labels: {a: x, b/c~d: y}}}", additions: [#"metadata.labels["b/c~d"]"#],
      pointers: ["/metadata/labels/b~1c~0d"]),
    Case(
      what: "later elements first", manifest: "{env: [{name: a}]}",
      live: "{env: [{name: x, value: '1'}, {name: a}, {name: y, value: '2'}]}",
      additions: ["env[name=x].value", "env[name=y].value"], pointers: ["/env/2", "/env/0"]),
    Case(
      what: "in an element", manifest: "{c: [{name: a, env: [{name: x}]}]}",
      live: "{c: [{name: a, tty: true, env: [{name: x}, {name: y}]}]}",
      additions: ["c[name=a].tty", "c[name=a].env[name=y].name"], pointers: ["/c/0/env/1", "/c/0/tty"]),
    Case(
      what: "part of a mapping that the manifest doesn't have", manifest: "{a: 1}", live: "{a: 1, b: {c: 1, d: 2}}",
      additions: ["b.c"], pointers: ["/b/c"]),
    Case(
      what: "the server's fields", manifest: "{a: 1}", live: "{a: 1, status: {x: 1}, metadata: {uid: u}}",
      additions: ["status.x", "metadata.uid"], pointers: []),
    Case(
      what: "what is ignored", manifest: "{a: 1, env: [{name: a}]}", live: "{a: 1, b: 2, env: [{name: a}, {name: b}]}",
      additions: ["b", "env[name=b].name"], ignored: ["b", "env[name=b]"], pointers: []),
  ]

  @Test(arguments: cases) func areNamedSoThatTheyCanBeRemovedOneAfterTheOther(_ one: Case) throws {
    let additions = FieldSet(try one.additions.map { try FieldPath(parsing: $0) })
    let places = AddedPlaces(
      of: try Release.node(one.manifest), on: try Release.node(one.live), additions: additions,
      ignoring: try one.ignored.map { try FieldPath(parsing: $0) })
    #expect(places.places.map(\.pointer) == one.pointers)
  }
}
