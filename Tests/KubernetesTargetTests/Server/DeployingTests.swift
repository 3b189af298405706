import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: releases come, change and go.
@Suite("A release in a cluster", .inTurn) struct DeployingTests {
  @Test func theFirstDeploymentMakesEverythingAndTheSecondWhatChanged() async throws {
    let site = try await LiveEnvironment()
    #expect(try await site.target.observe().deployed == nil)
    let first = try site.contents(Samples.all(Samples.deployment(), Samples.service(), Samples.map("a")))
    let said = try await site.deploy(first)
    #expect(said[.validate] == "the server accepts 3 objects")
    #expect(said[.activate]?.hasSuffix("is live: applied 3 of 3 objects, deleted 0") == true, "\(said)")
    #expect(try await site.target.observe().deployed == first.digest)
    let service = try #require(try await site.get("Service", "web"))
    #expect(service.label("mooring.dev/environment") == site.namespace)
    #expect(service.root["spec"]?["ports"]?.elements.map { $0["protocol"]?.text } == ["TCP", "UDP"])

    let second = try site.contents(Samples.all(Samples.deployment(), Samples.service(), Samples.map("a", "{x: '2'}")))
    #expect(try await site.deploy(second)[.activate]?.contains("applied 1 of 3 objects") == true)
    #expect(try await site.get("Service", "web")?.resourceVersion == service.resourceVersion)
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "2")
    #expect(try await site.deploy(second)[.activate] == nil, "it is live")
  }

  @Test func whatTheReleaseNoLongerHasGoes() async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(
      Samples.all(
        Samples.map("a"), Samples.map("b"), Samples.map("c"), Samples.map("d", "{}", "{mooring.dev/prune: disabled}")))
    // One belongs to somebody else by now, and one has been deleted.
    try await site.patch(site.reference("ConfigMap", "c"), "{metadata: {labels: {mooring.dev/environment: other}}}")
    let said = try await site.deploy(Samples.map("a"))
    #expect(said[.activate]?.contains("configmap/\(site.namespace)/d stays: its annotation says") == true, "\(said)")
    #expect(said[.activate]?.contains("c stays: it belongs to the environment other now") == true, "\(said)")
    #expect(try await site.get("ConfigMap", "a") != nil)
    #expect(try await site.get("ConfigMap", "b") == nil)
    #expect(try await site.get("ConfigMap", "c") != nil)
    #expect(try await site.get("ConfigMap", "d") != nil)
  }

  @Test func whatHoldsDataStaysWithoutAWord() async throws {
    func claim(_ name: String, _ annotations: String = "{}") -> String {
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: \(name), annotations: \(annotations)}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1024Mi}}}

      """
    }
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.all(Samples.map("a"), claim("data"), claim("cache", "{mooring.dev/prune: allowed}")))
    let said = try await site.deploy(Samples.map("a"))
    #expect(said[.activate]?.contains("data stays: a PersistentVolumeClaim is deleted only if") == true, "\(said)")
    #expect(try await site.get("PersistentVolumeClaim", "data") != nil)
    let cache = try await site.get("PersistentVolumeClaim", "cache")
    #expect(cache == nil || cache?.deletionTimestamp != nil)
    // It is on record still, for whoever says the word later.
    let allowed = try await LiveEnvironment(namespace: site.namespace) { $0.prune.kinds = ["PersistentVolumeClaim"] }
    try await allowed.deploy(Samples.map("a", "{x: '2'}"))
    let data = try await site.get("PersistentVolumeClaim", "data")
    #expect(data == nil || data?.deletionTimestamp != nil)
  }

  @Test func aReleaseThatWouldDeleteMostOfItDeletesNothing() async throws {
    let site = try await LiveEnvironment()
    let maps = (0..<12).map { Samples.map("c\($0)") }
    try await site.deploy(maps.joined(separator: "---\n"))
    let fault = try await site.refusal(of: maps[0])
    #expect(fault?.what == "the release would delete 11 of 12 objects, more than 50 %")
    #expect(try await site.refusal(of: maps[0], overwriting: true)?.what == fault?.what, "`onDrift: overwrite`")
    #expect(try await site.get("ConfigMap", "c11") != nil)
    // What was released before is deployed again, whatever came in between.
    try await site.deploy(maps[0], isRollback: true)
    #expect(try await site.get("ConfigMap", "c11") == nil)
  }

  @Test func aFieldOfSomebodyElseIsNamedWithThem() async throws {
    let site = try await LiveEnvironment()
    try await site.kubectl(
      "apply", "--server-side", "--field-manager", "other-team", "-f", "-", input: Samples.map("a", "{x: '7'}"))
    let fault = try await site.refusal(of: Samples.map("a"))
    #expect(fault?.code == .conflict)
    #expect(fault?.what == "configmap/\(site.namespace)/a: data.x is set by other-team")
    #expect(fault?.place == "all.yaml:1")
    #expect(try await site.target.observe().deployed == nil)
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "7")
    let forcing = try await LiveEnvironment(namespace: site.namespace) { $0.onConflict = .force }
    try await forcing.deploy(Samples.map("a"))
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "1")
  }

  @Test(arguments: [false, true]) func anObjectOfAnotherEnvironmentIsNeverTouched(_ overwriting: Bool) async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.map("a", "{x: '1'}"))
    let before = try #require(try await site.get("ConfigMap", "a"))
    let other = try await LiveEnvironment(namespace: site.namespace, environment: "other") { $0.onConflict = .force }
    let fault = try await other.refusal(of: Samples.map("a", "{x: '2'}"), overwriting: overwriting)
    #expect(fault?.code == .conflict)
    #expect(fault?.what.contains("belongs to another environment") == true, "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "a")?.resourceVersion == before.resourceVersion)
    // Nor by a hook that is to be made anew, nor with other fields alone.
    for text in [
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {y: '2'}}",
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {mooring.dev/hook: before}}, data: {y: '2'}}",
    ] {
      #expect(try await other.refusal(of: text, overwriting: overwriting)?.code == .conflict)
    }
    #expect(try await site.get("ConfigMap", "a")?.resourceVersion == before.resourceVersion)
  }

  @Test func aJobOfSomebodyElseIsNotDeletedForAHook() async throws {
    let site = try await LiveEnvironment()
    try await site.kubectl("create", "job", "migrate", "--image", "r/other:1")
    let fault = try await site.refusal(of: Self.job("migrate", "succeed", hook: "before"))
    #expect(fault?.what == "job/\(site.namespace)/migrate was made by somebody else, and is not deleted")
    #expect(try await site.get("Job", "migrate", "batch/v1") != nil)
  }

  @Test func aFieldThatCannotChangeIsSaidToBeSoAndTheObjectMadeAgainWhereThatIsMeant() async throws {
    func map(_ value: String, _ annotations: String) -> String {
      "{apiVersion: v1, kind: ConfigMap, immutable: true, metadata: {name: a, annotations: \(annotations)}, data: {x: '\(value)'}}"
    }
    let site = try await LiveEnvironment()
    try await site.deploy(map("1", "{}"))
    let old = try #require(try await site.get("ConfigMap", "a"))
    let fault = try await site.refusal(of: map("2", "{}"))
    #expect(fault?.remedy?.contains("mooring.dev/replace") == true, "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "a")?.uid == old.uid)
    try await site.deploy(map("2", "{mooring.dev/replace: 'true'}"))
    let new = try #require(try await site.get("ConfigMap", "a"))
    #expect(new.uid != old.uid)
    #expect(new.root["data"]?["x"]?.text == "2")
  }

  @Test func aDefinitionAndItsObjectsComeInOneRelease() async throws {
    let site = try await LiveEnvironment { $0.clusterObjects = true }
    let group = "\(site.namespace).example.com"
    func release(_ size: String) -> String {
      """
      {apiVersion: \(group)/v1, kind: Widget, metadata: {name: one}, spec: {size: \(size)}}
      ---
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.\(group)}
      spec:
        group: \(group)
        scope: Namespaced
        names: {plural: widgets, singular: widget, kind: Widget}
        versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}, color: {type: string, default: red}}}}}}
      """
    }
    let first = try site.contents(release("3"))
    let said = try await site.deploy(first)
    #expect(said[.validate]?.contains("1 can't be asked about") == true, "\(said)")
    await site.client.discovery.forget()
    #expect(try await site.get("Widget", "one", "\(group)/v1")?.root["spec"]?["size"]?.text == "3")
    #expect(try await site.drift(from: first) == [])
    // From then on the server is asked before anything is changed.
    let fault = try await site.refusal(of: release("many"))
    #expect(fault?.code == .refusedContent)
    #expect(fault?.place == "all.yaml:1")
    #expect(try await site.target.observe().deployed == first.digest)
    try await site.plane.kubectl("delete", "crd", "widgets.\(group)")
  }

  @Test func aNamespaceMayComeWithTheReleaseAndWhatIsWrongInItIsSeenBeforeTheSecond() async throws {
    let site = try await LiveEnvironment(isMade: false)
    let namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: NAMESPACE}}\n"
    let fault = try await site.refusal(of: Samples.map("a"))
    #expect(fault?.remedy?.contains("put the namespace into the release") == true, "\(String(describing: fault))")
    let first = try site.contents(Samples.all(namespace, Samples.map("a")))
    try await site.deploy(first)
    #expect(try await site.get("ConfigMap", "a") != nil)
    let wrong = try await site.refusal(
      of: Samples.all(namespace, Samples.map("a", "{x: '2'}"), Samples.map("b", "{x: [1]}")))
    #expect(wrong?.place?.hasPrefix("all.yaml:5") == true, "\(String(describing: wrong))")
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "1")
    #expect(try await site.drift(from: first) == [])
  }

  @Test func oneInvalidManifestChangesNothing() async throws {
    let site = try await LiveEnvironment()
    let first = try site.contents(Samples.map("a"))
    try await site.deploy(first)
    let fault = try await site.refusal(
      of: Samples.all(
        Samples.map("a", "{x: '2'}"), Samples.map("b"),
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 99999}]}}"))
    #expect(fault?.code == .refusedContent)
    #expect(fault?.description.contains("spec.ports[0].port") == true, "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "1")
    #expect(try await site.get("ConfigMap", "b") == nil)
    #expect(try await site.target.observe().deployed == first.digest)
  }

  @Test func aReleaseThatStoppedHalfWayIsRepeatedOrGoneBackFrom() async throws {
    let site = try await LiveEnvironment { $0.check = false }
    let first = try site.contents(Samples.all(Samples.map("a"), Samples.map("b")))
    try await site.deploy(first)
    // Without the check the first is applied before the second is refused.
    let broken = Samples.all(
      Samples.map("a", "{x: '2'}"), Samples.map("c", "{}", "{mooring.dev/wave: '1'}"),
      "{apiVersion: v1, kind: Service, metadata: {name: s, annotations: {mooring.dev/wave: '2'}}, spec: {ports: [{port: 99999}]}}"
    )
    #expect(try await site.refusal(of: broken)?.code == .refusedContent)
    #expect(try await site.target.observe().deployed == nil, "it is neither")
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "2")
    let said = try await site.deploy(first)
    #expect(
      said[.activate]?.contains("applied 1 of 2 objects, deleted 1") == true, "\(said), of two one was never made")
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "1", "although it was so before")
    #expect(try await site.get("ConfigMap", "c") == nil, "nothing is forgotten")
    #expect(try await site.drift(from: first) == [])
  }

  static func job(_ name: String, _ behaviour: String, hook: String) -> String {
    """
    apiVersion: batch/v1
    kind: Job
    metadata: {name: \(name), annotations: {mooring.dev/hook: \(hook)}}
    spec:
      backoffLimit: 0
      template:
        metadata: {annotations: {stand-in-kubelet/behaviour: \(behaviour)}}
        spec: {restartPolicy: Never, containers: [{name: job, image: "r/job:1"}]}

    """
  }

  @Test func hooksRunBeforeAndAfterEachDeployment() async throws {
    let site = try await LiveEnvironment()
    func release(_ value: String) -> String {
      Samples.all(
        Self.job("migrate", "succeed", hook: "before"), Samples.map("a", "{x: '\(value)'}"),
        Self.job("announce", "succeed", hook: "after"))
    }
    let first = try site.contents(release("1"))
    try await site.deploy(first)
    let job = try #require(try await site.get("Job", "migrate", "batch/v1"))
    #expect(job.root["status"]?["succeeded"]?.text == "1")
    #expect(try await site.get("Job", "announce", "batch/v1")?.root["status"]?["succeeded"]?.text == "1")
    #expect(try await site.drift(from: first) == [])
    try await site.deploy(release("2"))
    let again = try #require(try await site.get("Job", "migrate", "batch/v1"))
    #expect(again.uid != job.uid)
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "2")
  }

  @Test func aHookThatFailsStopsTheDeploymentBeforeAnythingChanges() async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.map("a"))
    let fault = try await site.refusal(
      of: Samples.all(Self.job("migrate", "fail", hook: "before"), Samples.map("a", "{x: '2'}")))
    #expect(
      fault?.what.contains("job/\(site.namespace)/migrate is degraded: BackoffLimitExceeded") == true,
      "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "1")
  }

  @Test func textsOfASecretAreKeptAsItsData() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents("{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {word: hunter2}}")
    try await site.deploy(release)
    #expect(try await site.get("Secret", "s")?.root["data"]?["word"]?.text == "aHVudGVyMg==")
    #expect(try await site.drift(from: release) == [])
  }

  @Test func whatDependsOnAnObjectWaitsUntilItIsHealthy() async throws {
    let site = try await LiveEnvironment { $0.readyWithin = .seconds(2) }
    let fault = try await site.refusal(
      of: Samples.all(
        Samples.deployment("db", behaviour: "never-ready"),
        Samples.map("a", "{}", "{mooring.dev/depends-on: deployment/NAMESPACE/db}")))
    #expect(
      fault?.what.contains("deployment/\(site.namespace)/db is progressing") == true, "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "a") == nil)
  }

  @Test func anEnvironmentWhoseNameNoLabelTakesIsRefused() async throws {
    let site = try await LiveEnvironment(environment: "Prod_1")
    #expect(try await site.refusal(of: Samples.map("a"))?.code == .configuration)
  }
}
