import Foundation
import MooringTestSupport
import Testing

/// Whether a rollback helped, by what a real cluster says of its own objects.
@Suite(.inTurn, .timeLimit(.minutes(30))) struct KubernetesSignalTests {
  private static func deployment(_ image: String, _ behaviour: String) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 1
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}, annotations: {stand-in-kubelet/behaviour: \(behaviour)}}
        spec: {containers: [{name: web, image: "\(image)"}]}

    """
  }

  @Test func podsThatAreReadyAgainAreARecovery() async throws {
    let site = try await ClusterSite(
      ["web.yaml": Self.deployment("r/web:1", "ready")], target: ["readyWithin: 10s"],
      environment: ["verdict: { before: 5s, after: 3s, settle: 1s, step: 250ms, sample: 1s }"])
    let machine = site.machine
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified", within: .seconds(60))
      try machine.push(["web.yaml": Self.deployment("r/web:2", "image-pull-back-off")], "Bump web")
      try await watcher.lines.line(containing: "automatic rollback to v1", within: .seconds(60))
      try await watcher.lines.line(containing: "verdict: recovered: readiness ", within: .seconds(60))
    }
    #expect(try await site.live("deployment/web", ".status.readyReplicas") == "1")
    let report = try await machine.mooring("incident", "production").expect(0).output
    #expect(report.contains("**recovered**") && report.contains("readiness"), "\(report)")
    #expect(report.contains("ImagePullBackOff r/web:2"), "\(report)")
  }

  /// What keeps pods from being ready isn't in the release: going back doesn't bring them back.
  @Test func podsThatStayUnreadyAreNoChange() async throws {
    let site = try await ClusterSite(
      ["web.yaml": Self.deployment("r/web:1", "ready")], target: ["readyWithin: 8s"],
      environment: [
        "verdict: { before: 5s, after: 3s, settle: 1s, step: 250ms, sample: 1s }", "rollback: { automatic: true }",
      ])
    let machine = site.machine
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified", within: .seconds(60))
      try await site.kubectl(
        "create", "quota", "none", "--hard", "pods=0")
      try machine.push(["web.yaml": Self.deployment("r/web:2", "ready")], "Bump web")
      try await site.kubectl("delete", "pods", "--all", "--wait=false")
      try await watcher.lines.line(containing: "automatic rollback to v1", within: .seconds(60))
      try await watcher.lines.line(
        containing: "verdict: no change: the release may not be the cause: readiness ", within: .seconds(90))
    }
    let status = try await machine.status()
    #expect((status["holds"] as? [Any])?.isEmpty == false, "the restored release fails too: \(status)")
  }
}
