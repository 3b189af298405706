import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: health as Kubernetes' own controllers report it, kind by kind.
@Suite("The health of what controllers look after", .inTurn) struct ControllersTests {
  private func isHealthy(_ health: TargetHealth) -> Bool { health == .healthy }
  /// Why it isn't healthy yet.
  private func reason(_ health: TargetHealth) -> String? { if case .progressing(let why) = health { why } else { nil } }
  private func isDegraded(_ health: TargetHealth) -> Bool { if case .degraded = health { true } else { false } }

  /// Deploys, and says at once how it is: what was before must not be taken for it.
  private func deployed(_ text: String, _ site: LiveEnvironment) async throws -> (StaticContents, TargetHealth) {
    let release = try site.contents(text)
    try await site.deploy(release)
    return (release, try await site.target.health(of: release))
  }

  @Test func aStatefulSet() async throws {
    let site = try await LiveEnvironment()
    let (first, _) = try await deployed(Samples.statefulSet(), site)
    #expect(try await site.health(of: first, until: isHealthy) == .healthy)
    let (second, changed) = try await deployed(Samples.statefulSet(image: "r/db:2", behaviour: "never-ready"), site)
    #expect(changed != .healthy)
    let stuck = try await site.health(of: second) { "\($0)".contains("1 of 2 replicas") }
    #expect("\(stuck)".contains("1 of 2 replicas are ready"), "\(stuck)")
    try await site.kubectl("annotate", "--overwrite", "pod/store-1", "stand-in-kubelet/behaviour=ready")
    // The other one follows.
    while try await site.get("Pod", "store-0")?.root["spec"]?["containers"]?.elements.first?["image"]?.text != "r/db:2"
    {
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(try await site.target.health(of: second) != .healthy)
    try await site.kubectl("annotate", "--overwrite", "pod/store-0", "stand-in-kubelet/behaviour=ready")
    #expect(try await site.health(of: second, until: isHealthy) == .healthy)
  }

  @Test func aDaemonSet() async throws {
    let site = try await LiveEnvironment()
    func agent(_ image: String, _ behaviour: String) -> String {
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}, annotations: {stand-in-kubelet/behaviour: \(behaviour)}}
          spec: {containers: [{name: agent, image: "\(image)"}]}
      """
    }
    let (first, new) = try await deployed(agent("r/agent:1", "never-ready"), site)
    #expect(new != .healthy, "one that no controller has seen yet says that it is to be on no node")
    _ = try await site.health(of: first) { "\($0)".contains("available on 0 of 1 nodes") }
    try await site.kubectl("annotate", "--overwrite", "pod", "--all", "stand-in-kubelet/behaviour=ready")
    #expect(try await site.health(of: first, until: isHealthy) == .healthy)
    let (second, changed) = try await deployed(agent("r/agent:2", "never-ready"), site)
    #expect(changed != .healthy)
    let stuck = try await site.health(of: second) { "\($0)".contains("available on 0 of 1 nodes") }
    #expect("\(stuck)".contains("available on 0 of 1 nodes"), "\(stuck)")
  }

  private func job(_ behaviour: String, _ annotations: String = "{}") -> String {
    """
    apiVersion: batch/v1
    kind: Job
    metadata: {name: work, annotations: \(annotations)}
    spec:
      backoffLimit: 0
      template:
        metadata: {annotations: {stand-in-kubelet/behaviour: \(behaviour)}}
        spec: {restartPolicy: Never, containers: [{name: work, image: "r/work:1"}]}

    """
  }

  @Test func aJobThatRunsForLong() async throws {
    let site = try await LiveEnvironment()
    let (release, _) = try await deployed(job("ready"), site)
    #expect(try await site.health(of: release, until: isHealthy) == .healthy)
  }

  @Test func aJobThatFails() async throws {
    let site = try await LiveEnvironment()
    // It may have started before it fails.
    let (release, _) = try await deployed(job("fail"), site)
    try await site.kubectl("wait", "--for=condition=Failed", "job/work", "--timeout", "60s")
    let again = try site.contents(["all.yaml": job("fail"), "more.yaml": Samples.map("a")])
    try await site.deploy(again)
    #expect(release.digest != again.digest)
    let health = try await site.health(of: again, until: isDegraded)
    #expect("\(health)".contains("BackoffLimitExceeded") || "\(health)".contains("exit status 1"), "\(health)")
  }

  @Test func aJobThatOthersDependOnIsWaitedForToItsEnd() async throws {
    let site = try await LiveEnvironment { $0.readyWithin = .seconds(4) }
    let after = Samples.map("a", "{x: '1'}", "{mooring.dev/depends-on: job/NAMESPACE/work}")
    let fault = try await site.refusal(of: Samples.all(job("ready"), after))
    #expect(fault?.description.contains("0 of 1 pods have succeeded") == true, "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "a") == nil)
  }

  @Test func aVolumeClaim() async throws {
    let site = try await LiveEnvironment()
    let claim = """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], storageClassName: "", volumeName: NAMESPACE, resources: {requests: {storage: 1Gi}}}
      """
    let (release, new) = try await deployed(claim, site)
    #expect("\(new)".contains("not bound"), "\(new)")
    try await site.kubectl(
      "create", "-f", "-",
      input: """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: NAMESPACE}
        spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: "", hostPath: {path: /data}}
        """)
    #expect(try await site.health(of: release, until: isHealthy) == .healthy)
    try await site.kubectl("delete", "pv", site.namespace, "--wait=false")
    try await site.kubectl(
      "patch", "pv", site.namespace, "--type", "merge", "--patch", "{\"metadata\":{\"finalizers\":null}}")
    let more = try site.contents(["all.yaml": claim, "more.yaml": Samples.map("a")])
    try await site.deploy(more)
    let lost = try await site.health(of: more, until: isDegraded)
    #expect("\(lost)".contains("its volume is lost"), "\(lost)")
  }

  @Test func aDeploymentThatIsPausedHasNotRolledOut() async throws {
    let site = try await LiveEnvironment()
    let (first, _) = try await deployed(Samples.deployment(), site)
    #expect(try await site.health(of: first, until: isHealthy) == .healthy)
    let paused = Samples.deployment(image: "r/web:2").replacing("  replicas: 1", with: "  replicas: 1\n  paused: true")
    let (second, _) = try await deployed(paused, site)
    let health = try await site.health(of: second) { "\($0)".contains("paused") }
    #expect("\(health)".contains("it is paused: 0 of 1 replicas are updated"), "\(health)")
    #expect(health != .healthy)
    // Whoever takes that as it is says so.
    let lenient = try await LiveEnvironment(namespace: site.namespace) {
      $0.health = [.init(kind: "Deployment", field: FieldPath(keys: "spec", "paused"), healthy: ["true"])]
    }
    #expect(try await lenient.health(of: second, until: isHealthy) == .healthy)
  }

  // MARK: Flagger

  private static let canaries = """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: canaries.flagger.app}
    spec:
      group: flagger.app
      names: {kind: Canary, plural: canaries, singular: canary}
      scope: Namespaced
      versions:
        - name: v1beta1
          served: true
          storage: true
          subresources: {status: {}}
          schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}

    """

  /// What Flagger writes, written by the test: there is a server, and no Flagger.
  private func flag(_ site: LiveEnvironment, _ phase: String, at time: String) async throws {
    let status = #"{"status":{"phase":"\#(phase)","lastTransitionTime":"\#(time)"}}"#
    try await site.kubectl("patch", "canary/web", "--subresource", "status", "--type", "merge", "--patch", status)
  }

  @Test func aCanaryOfAnEarlierTemplateIsAwaited() async throws {
    let site = try await LiveEnvironment { $0.clusterObjects = true }
    let canary = """
      apiVersion: flagger.app/v1beta1
      kind: Canary
      metadata: {name: web}
      spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}

      """
    func release(_ image: String) -> String {
      Samples.all(Self.canaries, Samples.deployment(replicas: 0, image: image), canary)
    }
    try await site.kubectl("create", "-f", "-", input: Samples.deployment("web-primary", replicas: 0))
    let (first, _) = try await deployed(release("r/web:1"), site)
    try await flag(site, "Initialized", at: "2026-01-01T00:00:00Z")
    #expect(try await site.health(of: first, until: isHealthy) == .healthy)
    let (second, _) = try await deployed(release("r/web:2"), site)
    let early = try await site.health(of: second) { "\($0)".contains("Flagger") }
    #expect(reason(early)?.hasSuffix("Flagger hasn't taken up the last change of web yet") == true, "\(early)")
    try await flag(site, "Progressing", at: "2026-01-01T00:01:00Z")
    let now = try await site.target.health(of: second)
    #expect(reason(now)?.hasSuffix("the canary is being analysed") == true, "\(now)")
    // It failed before, and its new run hasn't begun.
    try await flag(site, "Failed", at: "2026-01-01T00:02:00Z")
    #expect(!isDegraded(try await site.target.health(of: second)))
    try await flag(site, "Failed", at: "2126-01-01T00:00:00Z")
    #expect(isDegraded(try await site.target.health(of: second)))
    try await site.kubectl("set", "image", "deployment/web-primary", "web=r/web:2")
    try await flag(site, "Succeeded", at: "2126-01-01T00:00:00Z")
    #expect(try await site.health(of: second, until: isHealthy) == .healthy)
  }
}
