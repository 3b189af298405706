import Documents
import Kubernetes
import MooringModel
import Testing

@testable import KubernetesTarget

@Suite("Why something in a cluster is drift, or isn't") struct ExplanationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var what: String
    var manifest = "spec: {replicas: 1}"
    var annotations = "{}"
    var live: String?
    /// Who has set what besides us, as in `kubectl-edit: spec.replicas`.
    var managers: [String] = []
    var ours: [String] = []
    var rewritten: [String: (FieldValue, FieldValue)] = [:]
    var field: String?
    var says: [String]

    var testDescription: String { what }
  }

  static let cases: [Case] = [
    Case(what: "where it stands", live: "spec: {replicas: 1}", ours: ["spec.replicas"], says: []),
    Case(what: "it isn't there", says: ["it isn't in the cluster"]),
    Case(
      what: "a hook", annotations: "{mooring.dev/hook: after}", live: "spec: {replicas: 2}",
      says: ["each deployment runs it after the others, and it isn't compared: it is a hook"]),
    Case(
      what: "made once", annotations: "{kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}", live: "spec: {replicas: 2}",
      says: ["its annotation says that it is made once, and left alone then"]),
    Case(
      what: "an ignored object", annotations: "{mooring.dev/ignore: 'true'}", live: "spec: {replicas: 2}",
      says: ["its annotation says that nothing is said of what others change in it"]),
    Case(
      what: "an ignored field", annotations: "{mooring.dev/ignore: spec.replicas}", live: "spec: {replicas: 2}",
      says: [
        "its field spec.replicas is anybody's: its annotation mooring.dev/ignore says so",
        "its field spec.replicas isn't compared: it is anybody's",
      ]),
    Case(
      what: "somebody's value", live: "spec: {replicas: 2}", managers: ["kubectl-edit: spec.replicas"],
      says: [
        "its field spec.replicas is drift: it differs, and kubectl-edit has set it, last at 2026-01-02T00:00:00Z"
      ]),
    Case(
      what: "a value that nobody is recorded for", live: "spec: {replicas: 2}", ours: ["spec.replicas"],
      says: ["its field spec.replicas is drift: it differs, and nobody is recorded for it"]),
    Case(
      what: "what somebody removed", live: "spec: {}",
      says: ["its field spec.replicas is drift: the manifest sets it, and it is gone"]),
    Case(
      what: "what somebody added", live: "spec: {replicas: 1, paused: true}", managers: ["ann: spec.paused"],
      ours: ["spec.replicas"],
      says: [
        "its field spec.paused is drift: it isn't in the manifest, and ann has set it, last at 2026-01-02T00:00:00Z"
      ]
    ),
    Case(
      what: "a controller's value", live: "spec: {replicas: 2}", managers: ["kube-controller-manager: spec.replicas"],
      says: [
        "its field spec.replicas is no drift: kube-controller-manager has set it, a controller of the cluster"
      ]),
    Case(
      what: "the value of a manager that the configuration names", live: "spec: {replicas: 2}",
      managers: ["sizer: spec.replicas"],
      says: ["its field spec.replicas is no drift: sizer has set it, which `ignoreManagers` names"]),
    Case(
      what: "another spelling", manifest: "spec: {limits: {cpu: 1000m}}", live: "spec: {limits: {cpu: '1'}}",
      says: ["its field spec.limits.cpu is no drift: it is another spelling of the same"]),
    Case(
      what: "what servers leave out", manifest: "spec: {strategy: {}}", live: "spec: {}",
      says: ["its field spec.strategy is no drift: it is empty in the manifest, and servers leave out what is empty"]),
    Case(
      what: "defaults", live: "spec: {replicas: 1, a: 1, b: [x]}", ours: ["spec.replicas"],
      says: ["set by nobody, so defaults or what admission added, and no drift: spec.a, spec.b"]),
    Case(
      what: "what admission made of it", manifest: "spec: {image: a}", live: "spec: {image: m/a}", ours: ["spec.image"],
      rewritten: ["spec.image": (.scalar(.string("a")), .scalar(.string("m/a")))],
      says: ["its field spec.image is no drift: it is what the server makes of the manifest's value, by admission"]),
    Case(
      what: "what we have kept", live: "spec: {replicas: 1, size: 2}", ours: ["spec.replicas", "spec.size"],
      says: ["its field spec.size is no drift: a deployment of this environment has set it, or kept it as it was"]),
    Case(
      what: "one field that is as it should be", live: "spec: {replicas: 1, paused: true}",
      managers: ["ann: spec.paused"],
      field: "spec.replicas", says: ["its field spec.replicas is as the manifest has it"]),
    Case(
      what: "one field of the server's", live: "spec: {replicas: 1}\nstatus: {x: 1}", field: "status",
      says: ["its field status isn't compared: it is the server's own"]),
    Case(
      what: "one field that nobody has", live: "spec: {replicas: 1}", field: "spec.nothing",
      says: ["its field spec.nothing is neither in the manifest nor there"]),
  ]

  @Test(arguments: cases) func eachReasonIsSaid(_ one: Case) throws {
    let head = "apiVersion: example.com/v1\nkind: Thing\n"
    let manifest = try Release.manifest(
      "\(head)metadata: {name: a, annotations: \(one.annotations)}\n\(one.manifest)\n")
    let comparer = ObjectComparer(manager: "mooring-shop", ignoredManagers: ["sizer"], rewritings: Rewritings())
    comparer.rewritings.set(
      Dictionary(
        uniqueKeysWithValues: try one.rewritten.map { path, values in
          (try FieldPath(parsing: path), Rewritings.Rewriting(wanted: values.0, made: values.1))
        }), of: Identity(manifest.reference))
    let live = try one.live.map { live in
      let managed = (["mooring-shop: \(one.ours.joined(separator: " "))"] + one.managers).flatMap(Self.managed)
      return try Release.object(
        "\(head)metadata: {name: a, annotations: \(one.annotations), managedFields: [\(managed.joined(separator: ", "))]}\n\(live)\n"
      )
    }
    let explanation = ObjectExplanation(
      manifest: manifest, comparer: comparer, owner: ObjectOwner(environment: "shop", namespace: "shop"),
      field: try one.field.map { try FieldPath(parsing: $0) })
    let lines = try explanation.lines(live)
    #expect(lines.first == "it belongs to the release: all.yaml:1")
    #expect(Array(lines.dropFirst()) == one.says)
  }

  /// Entries of managed fields, of mappings alone: one a field.
  private static func managed(_ text: String) -> [String] {
    let parts = text.split(separator: ": ")
    let manager = parts[0]
    let fields = parts.dropFirst().joined().split(separator: " ").map { path in
      path.split(separator: ".").reversed().reduce("{}") { "{\"f:\($1)\": \($0)}" }
    }
    return fields.map { fields in
      "{manager: \(manager), operation: \(manager.hasPrefix("mooring") ? "Apply" : "Update"), apiVersion: v1, "
        + "time: '2026-01-02T00:00:00Z', fieldsType: FieldsV1, fieldsV1: \(fields)}"
    }
  }
}
