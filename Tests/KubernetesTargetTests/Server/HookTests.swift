import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: hooks, waves, and objects that other tools leave alone.
@Suite("Hooks and waves", .inTurn) struct HookTests {
  private static func job(_ metadata: String, _ behaviour: String = "succeed", image: String = "r/job:1") -> String {
    """
    apiVersion: batch/v1
    kind: Job
    metadata: \(metadata)
    spec:
      backoffLimit: 0
      template:
        metadata: {annotations: {stand-in-kubelet/behaviour: \(behaviour)}}
        spec: {restartPolicy: Never, containers: [{name: job, image: "\(image)"}]}

    """
  }

  @Test(arguments: ["before", "after"]) func aHookThatIsInvalidChangesNothing(_ hook: String) async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.map("a"))
    let metadata = "{name: announce, annotations: {mooring.dev/hook: \(hook)}}"
    let fault = try await site.refusal(of: Samples.all(Samples.map("a", "{x: '2'}"), Self.job(metadata, image: "")))
    #expect(fault?.place == "all.yaml:3", "\(String(describing: fault))")
    #expect(fault?.code == .refusedContent)
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "1")
    let preview = try await site.target.preview(
      try site.contents(Samples.all(Samples.map("a"), Self.job(metadata, image: ""), Samples.map("b"))))
    #expect(preview?.objects.map(\.action) == [.create, .refuse], "\(String(describing: preview?.objects))")
    // Nor one that would be made again.
    try await site.deploy(Samples.all(Samples.map("a"), Self.job(metadata)))
    let old = try #require(try await site.get("Job", "announce", "batch/v1"))
    let again = try await site.refusal(of: Samples.all(Samples.map("a", "{x: '2'}"), Self.job(metadata, image: "")))
    #expect(again?.place == "all.yaml:3", "\(String(describing: again))")
    #expect(try await site.get("Job", "announce", "batch/v1")?.uid == old.uid)
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "1")
  }

  @Test func hooksInACircleAreNamedBeforeAnythingChanges() async throws {
    let site = try await LiveEnvironment { $0.check = false }
    func hook(_ name: String, _ other: String) -> String {
      let wants = "mooring.dev/depends-on: configmap/NAMESPACE/\(other)"
      return Samples.map(name, "{}", "{mooring.dev/hook: after, \(wants)}")
    }
    let release = Samples.all(Samples.map("a"), hook("b", "c"), hook("c", "b"))
    let fault = try await site.refusal(of: release)
    #expect(fault?.what.contains("depends on objects that depend on it") == true, "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "a") == nil)
    #expect(try await site.target.preview(try site.contents(release))?.problem?.what == fault?.what)
  }

  @Test func aWaveIsHealthyBeforeTheNextOne() async throws {
    let site = try await LiveEnvironment { $0.readyWithin = .seconds(3) }
    func release(_ behaviour: String, _ value: String) -> String {
      Samples.all(
        Samples.deployment("db", behaviour: behaviour), Samples.map("web", "{x: '\(value)'}", "{mooring.dev/wave: '1'}")
      )
    }
    let fault = try await site.refusal(of: release("never-ready", "1"))
    #expect(
      fault?.what.contains("deployment/\(site.namespace)/db is progressing") == true, "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "web") == nil)
    try await site.deploy(release("ready", "2"))
    #expect(try await site.get("ConfigMap", "web") != nil)
    // Going back doesn't end at what may be bad for the same reason, and says so.
    let said = try await site.deploy(release("never-ready", "3"), isRollback: true)
    #expect(said[.activate]?.contains("went on although deployment/\(site.namespace)/db is") == true, "\(said)")
    #expect(try await site.get("ConfigMap", "web")?.root["data"]?["x"]?.text == "3")
  }

  @Test func kindsOfOneWaveAreNotWaitedFor() async throws {
    let site = try await LiveEnvironment { $0.readyWithin = .seconds(3) }
    try await site.deploy(
      Samples.all(
        Samples.deployment("db", behaviour: "never-ready"),
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web}, spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}}"
      ))
    #expect(try await site.get("Ingress", "web", "networking.k8s.io/v1") != nil)
  }

  @Test func aHookWithoutANameRunsOnceForEachRelease() async throws {
    let site = try await LiveEnvironment()
    func jobs() async throws -> [String] {
      try await site.kubectl("get", "jobs", "--output", "name").split(separator: "\n").map(String.init)
    }
    let hook = Self.job("{generateName: migrate-, annotations: {argocd.argoproj.io/hook: PreSync}}")
    let first = try site.contents(Samples.all(Samples.map("a"), hook))
    try await site.deploy(first)
    #expect(try await jobs() == ["job.batch/migrate-\(first.digest.short)"])
    let second = try site.contents(Samples.all(Samples.map("a", "{x: '2'}"), hook))
    try await site.deploy(second)
    #expect(try await jobs().count == 2)
    try await site.deploy(first, isRollback: true)
    #expect(try await jobs().count == 2, "the same release's hook is made again")
  }

  @Test func aHookIsDeletedAfterWhatItsPolicySays() async throws {
    let site = try await LiveEnvironment()
    func release(_ policy: String, _ behaviour: String, _ value: String) -> String {
      let annotations = "{argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: \(policy)}"
      return Samples.all(
        Samples.map("a", "{x: '\(value)'}"), Self.job("{name: migrate, annotations: \(annotations)}", behaviour))
    }
    func isThere() async throws -> Bool {
      let job = try await site.get("Job", "migrate", "batch/v1")
      return job.map { $0.deletionTimestamp == nil } ?? false
    }
    try await site.deploy(release("HookFailed", "succeed", "1"))
    #expect(try await isThere())
    try await site.deploy(release("HookSucceeded", "succeed", "2"))
    #expect(try await !isThere())
    #expect(
      try await site.refusal(of: release("HookSucceeded", "fail", "3"))?.what.contains("BackoffLimitExceeded") == true)
    #expect(try await isThere(), "somebody will want to read why")
    #expect(
      try await site.refusal(of: release("HookFailed", "fail", "4"))?.what.contains("BackoffLimitExceeded") == true)
    #expect(try await !isThere())
  }

  @Test func aHookOfAnotherKindIsMadeAnewWhereItsPolicySaysThat() async throws {
    let site = try await LiveEnvironment()
    func release(_ policy: String, _ value: String) -> String {
      let annotations = "{helm.sh/hook: 'pre-install,pre-upgrade', helm.sh/hook-delete-policy: \(policy)}"
      return Samples.all(Samples.map("a", "{x: '\(value)'}"), Samples.map("hook", "{x: '\(value)'}", annotations))
    }
    try await site.deploy(release("before-hook-creation", "1"))
    let old = try #require(try await site.get("ConfigMap", "hook"))
    try await site.deploy(release("before-hook-creation", "2"))
    let new = try #require(try await site.get("ConfigMap", "hook"))
    #expect(new.uid != old.uid && new.root["data"]?["x"]?.text == "2")
    try await site.deploy(release("hook-failed", "3"))
    #expect(try await site.get("ConfigMap", "hook")?.uid == new.uid)
  }

  @Test(arguments: ["kustomize.toolkit.fluxcd.io/reconcile: disabled", "kustomize.toolkit.fluxcd.io/ssa: Ignore"])
  func whatIsLeftAloneIsNeitherMadeNorChangedNorDeleted(_ annotation: String) async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.all(Samples.map("a"), Samples.map("b")))
    let release = try site.contents(
      Samples.all(
        Samples.map("a", "{x: '2'}", "{\(annotation)}"), Samples.map("b"), Samples.map("c", "{}", "{\(annotation)}")))
    let said = try await site.deploy(release)
    #expect(said[.activate]?.contains("a stays: its annotation says that it is left alone") == true, "\(said)")
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "1")
    #expect(try await site.get("ConfigMap", "c") == nil)
    #expect(try await site.drift(from: release) == [])
    // It is on record still.
    try await site.deploy(Samples.all(Samples.map("a", "{x: '3'}"), Samples.map("b")))
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "3")
  }

  @Test func whatOthersAddToASharedObjectIsTheirs() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.map("a", "{x: '1'}", "{kustomize.toolkit.fluxcd.io/ssa: Merge}"))
    try await site.deploy(release)
    try await site.patch(site.reference("ConfigMap", "a"), "{data: {y: '2'}}")
    #expect(try await site.drift(from: release) == [])
    try await site.patch(site.reference("ConfigMap", "a"), "{data: {x: '3'}}")
    #expect(try await site.drift(from: release) == ["configmap/a data.x"])
    try await site.heal(release)
    let data = try await site.get("ConfigMap", "a")?.root["data"]
    #expect(data?["x"]?.text == "1" && data?["y"]?.text == "2")
  }
}
