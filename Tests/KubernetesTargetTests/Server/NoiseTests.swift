import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: what nobody changed is no drift, and what somebody changed always is.
@Suite("Noise", .inTurn, .timeLimit(.minutes(30))) struct NoiseTests {
  @Test func nothingDiffersOfManyKindsAfterTheirControllersHaveWorked() async throws {
    let site = try await LiveEnvironment { $0.clusterObjects = true }
    let release = try site.contents(Corpus.text)
    try await site.deploy(release)
    let kinds = Set(try ManifestReader(limits: ManifestLimits()).read(release).map(\.kind))
    #expect(kinds.count >= 30, "\(kinds.count) kinds")
    // Every pod that can be is ready, and the job is done: the controllers have written what they write.
    try await site.kubectl("wait", "--for=condition=Available", "--timeout=60s", "deployment/web")
    try await site.kubectl("wait", "--for=condition=Complete", "--timeout=60s", "job/job")
    #expect(try await site.drift(from: release) == [])
    // Applying all of it again, with another release, changes nothing either.
    let before = try await states(of: release, site)
    let next = try site.contents(Corpus.text + "---\n" + Samples.map("another"))
    let said = try await site.deploy(next, overwriting: true)
    #expect(said[.activate]?.contains("applied \(before.count + 1) of \(before.count + 1) objects") == true, "\(said)")
    let after = try await states(of: release, site)
    #expect(before.count > kinds.count && before.keys == after.keys)
    for (object, state) in before {
      #expect(after[object]?.written == state.written, "\(object)")
      // Servers of 1.20 write down in our own entry when it was applied last, even where that was for nothing.
      let isApplied = after[object]?.applied != state.applied
      // What has no controller that writes down how it is otherwise has the very same version.
      #expect(state.hasStatus || isApplied || after[object]?.version == state.version, "\(object)")
    }
    #expect(try await site.drift(from: next) == [])
    let group = "\(site.namespace).example.com"
    try await site.plane.kubectl("delete", "crd", "gadgets.\(group)")
    #expect(try await site.drift(from: next).filter { $0.hasPrefix("gadget") || $0.hasPrefix("custom") }.count == 2)
    for kind in ["persistentvolume/\(site.namespace)-volume", "podsecuritypolicy/\(site.namespace)-psp"] {
      try await site.kubectl("delete", "--wait=false", kind)
    }
  }

  /// What an object is like.
  private struct State {
    var version: String?
    var hasStatus: Bool
    /// When we applied it last, by the server's clock.
    var applied: [String?]
    /// All that people and deployments write, with what of it is ours.
    var written: [FieldValue?]
  }

  private func states(of release: StaticContents, _ site: LiveEnvironment) async throws -> [String: State] {
    var states: [String: State] = [:]
    let reading = ManifestReader(limits: ManifestLimits())
    for draft in try reading.read(release) {
      let kind = draft.kind
      let isNamespaced = try await site.client.resource(for: kind).isNamespaced
      let reference = ObjectReference(kind, namespace: isNamespaced ? site.namespace : nil, name: draft.reference.name)
      let object = try await site.client.get(reference)
      let own = try object.managedFields.filter { $0.manager == site.owner.manager }
      states["\(reference)"] = State(
        version: object.resourceVersion, hasStatus: object.root["status"] != nil, applied: own.map(\.time),
        written: object.root.entries.filter { !["metadata", "status"].contains($0.key) }.map { FieldValue($0.value) }
          + ["labels", "annotations"].map { object.metadata?[$0].map(FieldValue.init) }
          + own.map { .scalar(.string("\($0.fields.paths)")) })
    }
    return states
  }

  /// One object, what is done to it, and what has to be said of it.
  private struct Change {
    var manifest: String
    var act: @Sendable (LiveEnvironment) async throws -> Void
    var drift: [String]
  }

  private static func change(_ number: Int, _ random: inout SeededGenerator) -> Change {
    let name = "o\(number)"
    let map = Samples.map(name, "{a: '1', b: '2'}")
    let workload = Samples.deployment(name, replicas: 0)
    let container = "deployment/\(name) spec.template.spec.containers[name=web]"
    func patching(_ kind: String, _ version: String, _ merge: String)
      -> @Sendable (LiveEnvironment) async throws -> Void
    {
      { site in try await site.patch(site.reference(kind, name, version), merge) }
    }
    func template(_ containers: String) -> @Sendable (LiveEnvironment) async throws -> Void {
      patching("Deployment", "apps/v1", "{spec: {template: {spec: {containers: \(containers)}}}}")
    }
    switch Int.random(in: 0..<12, using: &random) {
    case 0:
      return Change(
        manifest: map, act: patching("ConfigMap", "v1", "{data: {a: x}}"), drift: ["configmap/\(name) data.a"])
    case 1:
      return Change(
        manifest: map, act: patching("ConfigMap", "v1", "{data: {b: null}}"), drift: ["configmap/\(name) data.b"])
    case 2:
      return Change(
        manifest: map, act: patching("ConfigMap", "v1", "{data: {c: '3'}}"), drift: ["configmap/\(name) data.c"])
    case 3:
      return Change(
        manifest: map, act: patching("ConfigMap", "v1", "{metadata: {labels: {by: hand}}}"),
        drift: ["configmap/\(name) metadata.labels"])
    case 4:
      return Change(
        manifest: map, act: { site in try await site.client.delete(site.reference("ConfigMap", name)) },
        drift: ["configmap/\(name) gone"])
    case 5:
      return Change(
        manifest: map,
        act: { site in
          let body = try JSONBody(Release.node(Samples.map("new-\(name)")))
          _ = try await site.client.create(
            body, as: site.reference("ConfigMap", "new-\(name)"), WriteOptions(fieldManager: "kubectl-create"))
        }, drift: ["configmap/new-\(name) added"])
    case 6:
      return Change(
        manifest: workload, act: patching("Deployment", "apps/v1", "{spec: {replicas: 1}}"),
        drift: ["deployment/\(name) spec.replicas"])
    case 7:
      return Change(
        manifest: workload, act: patching("Deployment", "apps/v1", "{spec: {paused: true}}"),
        drift: ["deployment/\(name) spec.paused"])
    case 8:
      return Change(
        manifest: workload,
        act: template("[{name: web, image: 'r/evil:1', env: [{name: A, value: '1'}], ports: [{containerPort: 80}]}]"),
        drift: ["\(container).image"])
    case 9:
      return Change(
        manifest: workload,
        act: template(
          "[{name: web, image: 'r/web:1', env: [{name: A, value: '1'}, {name: Z, value: '1'}], ports: [{containerPort: 80}]}]"
        ),
        drift: ["\(container).env[name=Z]"])
    case 10:
      return Change(
        manifest: workload,
        act: template(
          "[{name: web, image: 'r/web:1', env: [{name: A, value: '1'}], ports: [{containerPort: 80}]}, {name: spy, image: 'r/spy:1'}]"
        ),
        drift: ["deployment/\(name) spec.template.spec.containers[name=spy]"])
    default:
      return Change(
        manifest: workload, act: template("[{name: web, image: 'r/web:1', ports: [{containerPort: 80}]}]"),
        drift: ["\(container).env"])
    }
  }

  @Test(arguments: [1]) func everyRandomChangeIsFoundOnceWithItsField(_ seed: UInt64) async throws {
    var random = SeededGenerator(seed)
    let changes = (0..<200).map { Self.change($0, &random) }
    let site = try await LiveEnvironment { $0.check = false }
    let release = try site.contents(changes.map(\.manifest).joined(separator: "---\n"))
    try await site.deploy(release)
    #expect(try await site.drift(from: release) == [])
    for change in changes { try await change.act(site) }
    let found = try await site.drift(from: release)
    let expected = changes.flatMap(\.drift)
    #expect(
      Set(found) == Set(expected),
      "missing \(Set(expected).subtracting(found)), too many \(Set(found).subtracting(expected))")
    #expect(found.count == expected.count, "none is told twice")
    // All is put back but what somebody made.
    try await site.heal(release)
    #expect(try await site.drift(from: release).allSatisfy { $0.hasSuffix(" added") })
  }
}
