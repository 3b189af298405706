import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: what isn't ours stays as it is, whatever is written to its object.
@Suite("Fields that aren't ours", .inTurn) struct SparedFieldsTests {
  /// How a field is said to be anybody's.
  enum Word: CaseIterable {
    case annotation, configuration, person

    func annotations(_ field: String) -> String { self == .annotation ? "{mooring.dev/ignore: '\(field)'}" : "{}" }

    func spared(_ object: ObjectName, _ field: String) throws -> SparedFields {
      switch self {
      case .annotation: SparedFields()
      case .configuration: SparedFields(rules: [try #require(try IgnoredField("\(object):\(field)", at: ""))])
      case .person:
        SparedFields(ignores: [DriftIgnored(object: object, field: field, until: nil, reason: nil)])
      }
    }
  }

  private func data(_ site: LiveEnvironment) async throws -> [String?] {
    let data = try await site.get("ConfigMap", "a")?.root["data"]
    return ["x", "y", "z"].map { data?[$0]?.text }
  }

  @Test(arguments: Word.allCases) func whatIsIgnoredIsSetOnceAndLeftByEverything(_ word: Word) async throws {
    let site = try await LiveEnvironment()
    let map = site.reference("ConfigMap", "a")
    let spared = try word.spared(ObjectName(map), "data.x")
    func release(_ data: String) throws -> StaticContents {
      try site.contents(Samples.map("a", data, word.annotations("data.x")))
    }
    let first = try release("{x: '1', y: '1'}")
    try await site.deploy(first, sparing: spared)
    #expect(try await data(site) == ["1", "1", nil])
    try await site.patch(map, "{data: {x: '2', y: '2', z: '2'}}")
    try await site.heal(first, sparing: spared)
    #expect(try await data(site) == ["2", "1", nil], "it is healed beside it")
    let second = try release("{x: '3', y: '3'}")
    try await site.deploy(second, sparing: spared)
    #expect(try await data(site) == ["2", "3", nil], "a deployment isn't stopped by it, and leaves it")
    let owner = try await site.get("ConfigMap", "a").map {
      try FieldOwners(of: $0, ours: site.owner.manager, ignoring: [])
    }
    #expect(owner?.ours?.contains(FieldPath(keys: "data", "x")) == false, "it is whose it was")
    try await site.deploy(first, isRollback: true, sparing: spared)
    #expect(try await data(site) == ["2", "1", nil], "a rollback leaves it")
    // What the manifest doesn't have any more stays as well.
    try await site.deploy(try release("{y: '4'}"), sparing: spared)
    #expect(try await data(site) == ["2", "4", nil])
  }

  @Test func whatBecomesIgnoredAndLeavesTheManifestAtOnceStays() async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.map("a", "{x: '1', y: '1', z: '1'}"))
    // Only we have it: what isn't sent any more would be taken away.
    try await site.deploy(Samples.map("a", "{y: '2'}", "{mooring.dev/ignore: data.x}"))
    #expect(try await data(site) == ["1", "2", nil])
    // Where it is gone it is made by a deployment, and not by a heal.
    let release = try site.contents(Samples.map("a", "{x: '3', y: '2'}", "{mooring.dev/ignore: data.x}"))
    try await site.deploy(release)
    #expect(try await data(site) == ["1", "2", nil])
    try await site.patch(site.reference("ConfigMap", "a"), "{data: {x: null, y: '5'}}")
    try await site.heal(release)
    #expect(try await data(site) == [nil, "2", nil])
    try await site.deploy(Samples.map("a", "{x: '4', y: '2'}", "{mooring.dev/ignore: data.x}"))
    #expect(try await data(site) == ["4", "2", nil])
  }

  @Test func whatIsIgnoredAsAWholeIsDeployedWhereNobodyElseHasSetIt() async throws {
    let site = try await LiveEnvironment()
    let spared = SparedFields(look: LookRules(ignored: [try PathPattern("configmap/**", at: "")]))
    try await site.deploy(site.contents(Samples.map("a", "{x: '1', y: '1'}")), sparing: spared)
    try await site.patch(site.reference("ConfigMap", "a"), "{data: {x: '2', z: '2'}}")
    try await site.deploy(site.contents(Samples.map("a", "{x: '3', y: '3'}")), sparing: spared)
    #expect(try await data(site) == ["2", "3", "2"])
  }

  @Test func anIgnoredFieldOfAContainerStaysBesideOthersThatAreDeployed() async throws {
    let site = try await LiveEnvironment()
    let field = "spec.template.spec.containers[name=web].image"
    let spared = SparedFields(rules: [try #require(try IgnoredField("deployment/**:\(field)", at: ""))])
    func container() async throws -> Node? {
      try await site.get("Deployment", "web", "apps/v1")?.root["spec"]?["template"]?["spec"]?["containers"]?.elements
        .first
    }
    let release = try site.contents(Samples.deployment(replicas: 0))
    try await site.deploy(release, sparing: spared)
    try await site.kubectl("set", "image", "deployment/web", "web=r/web:hand")
    try await site.kubectl("set", "env", "deployment/web", "A=9", "B=9")
    try await site.heal(release, sparing: spared)
    #expect(try await container()?["image"]?.text == "r/web:hand")
    #expect(try await container()?["env"].map(FieldValue.init)?.description == #"[{name: A, value: "1"}]"#)
    let more = Samples.deployment(replicas: 0, image: "r/web:2", more: ", workingDir: /srv")
    try await site.deploy(site.contents(more), sparing: spared)
    #expect(try await container()?["image"]?.text == "r/web:hand")
    #expect(try await container()?["workingDir"]?.text == "/srv")
  }

  // MARK: Controllers

  private func replicas(_ site: LiveEnvironment) async throws -> String? {
    try await site.get("Deployment", "web", "apps/v1")?.root["spec"]?["replicas"]?.text
  }

  @Test func whatAControllerHasSetStaysWhateverIsDeployedOrHealed() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.deployment(replicas: 1))
    try await site.deploy(release)
    let deployment = site.reference("Deployment", "web", "apps/v1")
    // As an autoscaler does where servers record it (from 1.22 on).
    try await site.patch(deployment, "{spec: {replicas: 3}}", by: "kube-controller-manager")
    try await site.patch(deployment, "{spec: {minReadySeconds: 1}}")
    try await site.heal(release)
    #expect(try await replicas(site) == "3")
    try await site.deploy(Samples.deployment(replicas: 2, image: "r/web:2"))
    #expect(try await replicas(site) == "3", "a deployment isn't stopped by it")
    try await site.deploy(release, isRollback: true)
    #expect(try await replicas(site) == "3", "going back under load doesn't take it away")
    let live = try await site.get("Deployment", "web", "apps/v1")
    #expect(live?.root["spec"]?["template"]?["spec"]?["containers"]?.elements.first?["image"]?.text == "r/web:1")
  }

  @Test func whatSomebodyElseHasSetStillStopsADeployment() async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.deployment(replicas: 1))
    try await site.patch(
      site.reference("Deployment", "web", "apps/v1"), "{spec: {replicas: 3}}", by: "kube-controller-manager")
    try await site.kubectl("set", "image", "deployment/web", "web=r/web:hand")
    let fault = try await site.refusal(of: Samples.deployment(replicas: 2, image: "r/web:2"))
    #expect(fault?.what.contains("image is set by kubectl-set") == true, "\(String(describing: fault))")
  }

  @Test func theReplicasOfAnAutoscaledWorkloadAreItsAutoscalersAlsoWhereNobodyRecordsWhoScales() async throws {
    let site = try await LiveEnvironment()
    let scaler = """
      apiVersion: autoscaling/v1
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec: {minReplicas: 1, maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}

      """
    func release(_ workload: String) throws -> StaticContents { try site.contents(Samples.all(workload, scaler)) }
    let first = try release(Samples.deployment(replicas: 1))
    try await site.deploy(first)
    #expect(try await replicas(site) == "1")
    try await site.kubectl("scale", "deployment/web", "--replicas", "4")
    #expect(try await site.drift(from: first) == [])
    try await site.patch(site.reference("Deployment", "web", "apps/v1"), "{spec: {minReadySeconds: 1}}")
    try await site.heal(first)
    #expect(try await replicas(site) == "4")
    try await site.deploy(try release(Samples.deployment(replicas: 2, image: "r/web:2")))
    #expect(try await replicas(site) == "4")
    // Whoever gives a workload an autoscaler takes the number out of its manifest.
    let second = try release(Samples.deployment(replicas: 2).replacing("  replicas: 2\n", with: ""))
    try await site.deploy(second)
    #expect(try await replicas(site) == "4")
    #expect(try await site.drift(from: second) == [])
    try await site.deploy(first, isRollback: true)
    #expect(try await replicas(site) == "4")
  }

  // MARK: Single fields

  @Test func aFieldAloneIsPutBackAndAllElseLeftAsSomebodyMadeIt() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.deployment(replicas: 0))
    try await site.deploy(release)
    let container = "spec.template.spec.containers[name=web]"
    try await site.kubectl("scale", "deployment/web", "--replicas", "2")
    try await site.kubectl("set", "image", "deployment/web", "web=r/web:hand")
    try await site.kubectl("set", "env", "deployment/web", "A=9", "B=9", "C=9")
    let all = [
      "deployment/web spec.replicas", "deployment/web \(container).env[name=A].value",
      "deployment/web \(container).env[name=B]", "deployment/web \(container).env[name=C]",
      "deployment/web \(container).image",
    ]
    #expect(try await site.drift(from: release) == all)
    try await site.heal(release, fields: ["\(container).image"])
    #expect(try await site.drift(from: release) == Array(all.dropLast()))
    // What somebody added goes, and the one beside it stays.
    try await site.heal(release, fields: ["\(container).env[name=B]", "\(container).env[name=A].value"])
    #expect(try await site.drift(from: release) == [all[0], all[3]])
    #expect(try await replicas(site) == "2")
    try await site.heal(release)
    #expect(try await site.drift(from: release) == [])
  }
}
