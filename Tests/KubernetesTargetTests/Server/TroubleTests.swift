import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: what isn't as it should be is told, and nothing is lost.
@Suite("Trouble with a cluster", .inTurn, .timeLimit(.minutes(30))) struct TroubleTests {
  @Test func aKindThatTheClusterDoesNotHaveIsNamed() async throws {
    let site = try await LiveEnvironment()
    let fault = try await site.refusal(
      of: Samples.all(Samples.map("a"), "{apiVersion: nobody.example.com/v1, kind: Thing, metadata: {name: a}}"))
    #expect(fault?.place == "all.yaml:3")
    #expect(fault?.what.contains("the cluster has no kind") == true)
    #expect(try await site.get("ConfigMap", "a") == nil)
    for version in ["../../v1", "v1/../..", "apps/v1/x", "a b/v1"] {
      let fault = try await site.refusal(of: "{apiVersion: '\(version)', kind: ConfigMap, metadata: {name: a}}")
      #expect(fault?.code == .refusedContent, "\(version): \(String(describing: fault))")
    }
  }

  @Test func whoMayNotDoSomethingIsToldWhatAndNothingChanges() async throws {
    let site = try await LiveEnvironment()
    let maps = "[{apiGroups: [''], resources: [configmaps], verbs: [get, list, watch, create, update, patch, delete]}]"
    let account = try await ServiceAccountConfig(of: site, maps)
    let few = try await LiveEnvironment(namespace: site.namespace, kubeconfig: account.kubeconfig)
    let release = try few.contents(Samples.map("a"))
    try await few.deploy(release)
    #expect(try await few.drift(from: release) == [])
    let fault = try await few.refusal(of: Samples.all(Samples.map("a", "{x: '2'}"), Samples.deployment()))
    #expect(fault?.description.contains("deployments.apps") == true, "\(String(describing: fault))")
    #expect(fault?.remedy?.contains("rights") == true)
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "1")
  }

  @Test func aWebhookThatIsNotThereIsNamed() async throws {
    let site = try await LiveEnvironment()
    try await site.kubectl("label", "namespace", site.namespace, "judged=\(site.namespace)")
    let webhook = """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: \(site.namespace)}
      webhooks:
        - name: judge.example.com
          admissionReviewVersions: [v1]
          sideEffects: None
          timeoutSeconds: 1
          clientConfig: {url: "https://127.0.0.1:1/judge"}
          namespaceSelector: {matchLabels: {judged: NAMESPACE}}
          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
      """
    try await site.kubectl("create", "-f", "-", input: webhook)
    // The API server learns of it within a moment.
    var fault: Fault?
    for number in 0..<50 where fault == nil { fault = try await site.refusal(of: Samples.map("a\(number)")) }
    #expect(fault?.description.contains("judge.example.com") == true, "\(String(describing: fault))")
    #expect(fault?.remedy?.contains("webhook") == true, "\(String(describing: fault))")
    try await site.kubectl("delete", "validatingwebhookconfiguration", site.namespace)
  }

  @Test(arguments: [1_200_000, 5 << 20]) func anObjectThatTheClusterCannotStoreIsNamed(_ bytes: Int) async throws {
    let site = try await LiveEnvironment()
    let fault = try await site.refusal(of: Samples.map("a", "{x: '\(String(repeating: "x", count: bytes))'}"))
    #expect(fault?.place == "all.yaml:1")
    #expect(fault?.description.utf8.count ?? 0 < 1000, "its content isn't repeated")
    // What no server takes isn't even sent.
    let isNamed = fault?.what.contains("ConfigMap") ?? false || fault?.what.contains("an object of more than") ?? false
    #expect(isNamed, "\(String(describing: fault))")
  }

  @Test func aNamespaceThatIsBeingDeletedIsSaidToBe() async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.map("a", "{}", "{x: y}"))
    // A finalizer that nobody removes holds it.
    try await site.patch(site.reference("ConfigMap", "a"), "{metadata: {finalizers: [example.com/hold]}}")
    try await site.kubectl("delete", "namespace", site.namespace, "--wait=false")
    let fault = try await site.refusal(of: Samples.all(Samples.map("a"), Samples.map("b")))
    #expect(fault?.description.contains("terminat") == true, "\(String(describing: fault))")
    #expect(fault?.remedy?.contains("being deleted") == true, "\(String(describing: fault))")
    try await site.patch(site.reference("ConfigMap", "a"), "{metadata: {finalizers: null}}")
  }

  @Test func aServerThatIsStartedAgainInTheMiddleIsWaitedFor() async throws {
    var options = ControlPlane.Options()
    options.controllers = false
    options.kubelet = false
    let plane = try await ControlPlane(options)
    let site = try await LiveEnvironment(on: plane) { $0.check = false }
    try await site.deploy(Samples.map("a"))
    let watch = try await site.target.watch(LookRules())
    let maps = (0..<600).map { Samples.map("c\($0)") }
    let release = try site.contents(([Samples.map("a")] + maps).joined(separator: "---\n"))
    async let deployed = site.deploy(release)
    var applied = 0
    while applied < 50 {
      let selector = ["configmaps", "--selector", "mooring.dev/environment", "--output", "name"]
      applied = try await plane.kubectl(["--namespace", site.namespace, "get"] + selector).split(separator: "\n").count
    }
    #expect(applied < maps.count, "it is in the middle")
    try await plane.restartAPIServer()
    do { _ = try await deployed } catch let fault as Fault {
      // Longer than the client waits: then it says so, and repeating is all that is needed.
      #expect([.target, .timeout].contains(fault.code), "\(fault)")
      try await site.deploy(release)
    }
    #expect(try await site.drift(from: release) == [])
    // The watch has gone on.
    let last = ObjectName(site.reference("ConfigMap", "c599"))
    try await site.patch(site.reference("ConfigMap", "c599"), "{data: {x: '2'}}")
    for await change in watch.changes where change.object == last && !change.isOurs { break }
    #expect(try await site.drift(from: release, .objects([last])) == ["configmap/c599 data.x"])
  }
}
