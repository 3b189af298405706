import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: whether what was deployed works.
@Suite("The health of a release in a cluster", .inTurn) struct ReadinessTests {
  @Test func podsThatBecomeReadyAreHealthy() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.all(Samples.deployment(replicas: 2), Samples.service(), Samples.map("a")))
    try await site.deploy(release)
    #expect(try await site.health(of: release) { $0 == .healthy } == .healthy)
  }

  @Test func anImageThatIsNotToBeHadIsNamed() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.deployment(image: "checkout:9f3", behaviour: "image-pull-back-off"))
    try await site.deploy(release)
    func isTold(_ health: TargetHealth) -> Bool {
      if case .progressing(let why) = health { why.contains("ImagePullBackOff") } else { false }
    }
    let health = try await site.health(of: release, until: isTold)
    #expect(
      isTold(health) && "\(health)".contains("deployment/\(site.namespace)/web: ImagePullBackOff checkout:9f3"),
      "\(health)")
    // Once they are ready it is well, and asked about no more until the next deployment or healing.
    for pod in try await site.kubectl("get", "pods", "--output", "name").split(separator: "\n") {
      try await site.kubectl("annotate", "--overwrite", String(pod), "stand-in-kubelet/behaviour=ready")
    }
    #expect(try await site.health(of: release) { $0 == .healthy } == .healthy)
  }

  @Test func aDeadlineThatIsExceededIsTheEndOfIt() async throws {
    let site = try await LiveEnvironment()
    let slow = Samples.deployment(behaviour: "never-ready").replacing(
      "  replicas: 1", with: "  replicas: 1\n  progressDeadlineSeconds: 1")
    let release = try site.contents(slow)
    try await site.deploy(release)
    let health = try await site.health(of: release) { if case .degraded = $0 { true } else { false } }
    #expect("\(health)".contains("ProgressDeadlineExceeded"), "\(health)")
  }

  // MARK: Why it isn't healthy

  @Test func whatNoNodeHasRoomForIsSaid() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.deployment(behaviour: "pending"))
    try await site.deploy(release)
    let health = try await site.health(of: release) { "\($0)".contains("Unschedulable: 0/1 nodes are available") }
    #expect("\(health)".contains("Unschedulable: 0/1 nodes are available: 1 Insufficient memory"), "\(health)")
  }

  @Test func whatAnEventSaysOfAPodIsSaid() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.deployment(behaviour: "never-ready"))
    try await site.deploy(release)
    var pod = ""
    while pod.isEmpty {
      pod = try await site.kubectl("get", "pods", "--output", "jsonpath={.items[0:1].metadata.name}")
    }
    pod = String(pod.prefix { $0 != "\n" })
    let uid = try #require(try await site.get("Pod", pod)?.uid)
    for (reason, minute) in [("Older", 1), ("FailedMount", 2)] {
      try await site.kubectl(
        "create", "-f", "-",
        input: """
          apiVersion: v1
          kind: Event
          metadata: {generateName: x}
          type: Warning
          reason: \(reason)
          message: 'MountVolume.SetUp failed for volume "config": configmap "settings" not found'
          lastTimestamp: "2026-01-01T00:0\(minute):00Z"
          involvedObject: {apiVersion: v1, kind: Pod, namespace: NAMESPACE, name: \(pod), uid: \(uid)}
          """)
    }
    let health = try await site.health(of: release) { "\($0)".contains("FailedMount") }
    #expect("\(health)".contains("FailedMount: MountVolume.SetUp failed for volume"), "\(health)")
    #expect("\(health)".contains("(pod/\(pod))") && "\(health)".contains("0 of 1 updated replicas"), "\(health)")
  }

  @Test func whatKeepsAStatefulSetFromMakingPodsIsSaid() async throws {
    let site = try await LiveEnvironment()
    try await site.kubectl("create", "quota", "none", "--hard", "pods=0")
    try await site.kubectl("wait", "--for=jsonpath={.status.hard.pods}=0", "quota/none", "--timeout", "60s")
    let release = try site.contents(Samples.statefulSet())
    try await site.deploy(release)
    let health = try await site.health(of: release) { "\($0)".contains("exceeded quota") }
    #expect("\(health)".contains("FailedCreate") && "\(health)".contains("exceeded quota: none"), "\(health)")
  }

  @Test func aQuotaThatIsFullForNowIsNoFailure() async throws {
    let site = try await LiveEnvironment()
    try await site.kubectl("create", "quota", "none", "--hard", "pods=0")
    try await site.kubectl("wait", "--for=jsonpath={.status.hard.pods}=0", "quota/none", "--timeout", "60s")
    let release = try site.contents(Samples.deployment())
    try await site.deploy(release)
    func isSaid(_ health: TargetHealth) -> Bool { "\(health)".contains("exceeded quota: none") }
    guard case .progressing(let why) = try await site.health(of: release, until: isSaid) else {
      Issue.record("it may have room again")
      return
    }
    #expect(why.contains("exceeded quota"), "\(why)")
  }

  @Test func podsOfBeforeAreNotBlamed() async throws {
    let site = try await LiveEnvironment()
    func web(_ image: String, _ behaviour: String) throws -> StaticContents {
      try site.contents(
        Samples.deployment(image: image, behaviour: behaviour).replacing(
          "  replicas: 1", with: "  replicas: 1\n  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}"))
    }
    let bad = try web("r/web:bad", "crash-loop-back-off")
    try await site.deploy(bad)
    let first = try await site.health(of: bad) { "\($0)".contains("CrashLoopBackOff r/web:bad") }
    #expect("\(first)".contains("CrashLoopBackOff r/web:bad"), "\(first)")
    let fix = try web("r/web:fix", "never-ready")
    try await site.deploy(fix)
    let second = try await site.health(of: fix) { "\($0)".contains("old replicas are ending") }
    #expect("\(second)".contains("1 old replicas are ending") && !"\(second)".contains("r/web:bad"), "\(second)")
    let pods = try await site.kubectl("get", "pods", "--output", "name").split(separator: "\n")
    #expect(pods.count == 2, "the bad one is still there")
  }

  @Test func whatHasFailedIsSaidBeforeWhatIsStillAtWork() async throws {
    let site = try await LiveEnvironment()
    let slow = (1...6).map { Samples.deployment("a\($0)", behaviour: "never-ready") }
    let failed = Samples.deployment("z", behaviour: "never-ready").replacing(
      "  replicas: 1", with: "  replicas: 1\n  progressDeadlineSeconds: 1")
    let release = try site.contents((slow + [failed]).joined(separator: "---\n"))
    try await site.deploy(release)
    let health = try await site.health(of: release) { if case .degraded = $0 { true } else { false } }
    #expect("\(health)".contains("/z: ") && "\(health)".contains("ProgressDeadlineExceeded"), "\(health)")
  }
}
