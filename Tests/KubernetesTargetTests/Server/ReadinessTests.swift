import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: whether what was deployed works.
@Suite("The health of a release in a cluster", .inTurn) struct ReadinessTests {
  private func health(_ site: LiveEnvironment, _ contents: StaticContents, until: (TargetHealth) -> Bool) async throws
    -> TargetHealth
  {
    let end = ContinuousClock.now + .seconds(60)
    while true {
      let health = try await site.target.health(of: contents)
      if until(health) || ContinuousClock.now > end { return health }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  @Test func podsThatBecomeReadyAreHealthy() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.all(Samples.deployment(replicas: 2), Samples.service(), Samples.map("a")))
    try await site.deploy(release)
    #expect(try await health(site, release) { $0 == .healthy } == .healthy)
  }

  @Test func anImageThatIsNotToBeHadIsNamed() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.deployment(image: "checkout:9f3", behaviour: "image-pull-back-off"))
    try await site.deploy(release)
    func isTold(_ health: TargetHealth) -> Bool {
      if case .progressing(let why) = health { why.contains("ImagePullBackOff") } else { false }
    }
    let health = try await health(site, release, until: isTold)
    #expect(
      isTold(health) && "\(health)".contains("deployment/\(site.namespace)/web: ImagePullBackOff checkout:9f3"),
      "\(health)")
    // Once they are ready it is well, and asked about no more until the next deployment or healing.
    for pod in try await site.kubectl("get", "pods", "--output", "name").split(separator: "\n") {
      try await site.kubectl("annotate", "--overwrite", String(pod), "stand-in-kubelet/behaviour=ready")
    }
    #expect(try await self.health(site, release) { $0 == .healthy } == .healthy)
  }

  @Test func aDeadlineThatIsExceededIsTheEndOfIt() async throws {
    let site = try await LiveEnvironment()
    let slow = Samples.deployment(behaviour: "never-ready").replacing(
      "  replicas: 1", with: "  replicas: 1\n  progressDeadlineSeconds: 1")
    let release = try site.contents(slow)
    try await site.deploy(release)
    let health = try await health(site, release) { if case .degraded = $0 { true } else { false } }
    #expect("\(health)".contains("ProgressDeadlineExceeded"), "\(health)")
  }
}
