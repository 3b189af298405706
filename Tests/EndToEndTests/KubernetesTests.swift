import Foundation
import Glibc
import MooringTestSupport
import Processes
import Testing

/// A cluster, as a person and a watcher work with it.
@Suite(.inTurn, .timeLimit(.minutes(30))) struct KubernetesTests {
  private static func deployment(_ image: String = "r/web:1", behaviour: String = "ready", more: String = "") -> String
  {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 1
      \(more)
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}, annotations: {stand-in-kubelet/behaviour: \(behaviour)}}
        spec:
          containers:
            - name: web
              image: \(image)

    """
  }

  static func map(_ value: String, _ name: String = "settings") -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name)}\ndata:\n  size: \"\(value)\"\n"
  }

  @Test func theWatcherDeploysSeesAChangeAtOnceSaysWhoMadeItAndPutsItBack() async throws {
    let site = try await ClusterSite(
      ["web.yaml": Self.deployment(), "settings.yaml": Self.map("1")],
      environment: ["drift: { onDetect: heal, settle: 50ms }"])
    let machine = site.machine
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified", within: .seconds(60))
      #expect(try await site.live("deployment/web", ".status.availableReplicas") == "1")
      try await watcher.lines.line(containing: "changes are seen as they happen")
      // The watch begins a moment after it is said to.
      try await machine.until("the change is seen", within: .seconds(60)) {
        let known = watcher.lines.all.count
        try await site.kubectl("patch", "deployment/web", "--patch", #"{"spec": {"replicas": 3}}"#)
        do {
          try await watcher.lines.line(containing: "spec.replicas: 1 → 3", after: known, within: .seconds(5))
        } catch is LineLog.NeverCame { return false }
        return true
      }
      #expect(watcher.lines.all.contains { $0.contains("spec.replicas: 1 → 3") && $0.contains("(kubectl-patch)") })
      try await watcher.lines.line(containing: "put back by mooring")
      #expect(try await site.live("deployment/web", ".spec.replicas") == "1")
      // Who scales by the subresource isn't recorded by servers before 1.22.
      try await site.kubectl("scale", "deployment/web", "--replicas", "2")
      try await watcher.lines.line(containing: "spec.replicas: 1 → 2")
    }
    let story = try await machine.story()
    #expect(story.contains("spec.replicas: 1 → 3") && story.contains("kubectl-patch"), "\(story)")
    #expect(story.contains("put back by mooring"), "\(story)")
    // Who changes again what was put back is left alone for a while.
    try await site.kubectl("wait", "--for=jsonpath={.status.replicas}=2", "deployment/web", "--timeout", "60s")
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    try await machine.mooring(["drift", "production"]).expect(0)
  }

  @Test func aReleaseWhosePodsNeverBecomeReadyIsRolledBackByItself() async throws {
    let site = try await ClusterSite(["web.yaml": Self.deployment()], target: ["readyWithin: 30s"])
    let machine = site.machine
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified", within: .seconds(60))
      try machine.push([
        "web.yaml": Self.deployment("r/web:2", behaviour: "image-pull-back-off", more: "progressDeadlineSeconds: 3")
      ])
      try await watcher.lines.line(containing: "automatic rollback to v1", within: .seconds(90))
      try await watcher.lines.line(containing: "rolled back and verified", within: .seconds(60))
    }
    #expect(try await site.live("deployment/web", ".spec.template.spec.containers[0].image") == "r/web:1")
    let story = try await machine.story()
    #expect(story.contains("ImagePullBackOff r/web:2"), "\(story)")
    try machine.pull()
    #expect(try machine.author.git("show", "main:app/web.yaml").contains("r/web:1"), "the branch says so too")
  }

  @Test func aPersonGoesBackToWhatWasThere() async throws {
    let site = try await ClusterSite(["settings.yaml": Self.map("1"), "more.yaml": Self.map("1", "more")])
    let machine = site.machine
    try await machine.mooring(["sync", "production"]).expect(0)
    try machine.push(["settings.yaml": Self.map("2"), "more.yaml": nil, "new.yaml": Self.map("1", "new")])
    try await machine.mooring(["sync", "production"]).expect(0)
    #expect(try await site.live("configmap/more", ".data.size") == "")
    try await site.kubectl("label", "configmap/settings", "by=hand")
    try await machine.mooring(["rollback", "production", "--reason", "it is bad", "--yes"]).expect(0)
    #expect(try await site.live("configmap/settings", ".data.size") == "1")
    #expect(try await site.live("configmap/more", ".data.size") == "1")
    #expect(try await site.live("configmap/new", ".data.size") == "")
    let status = try await machine.status()
    #expect(status["health"] as? String == "healthy", "\(status)")
  }

  @Test func aDriftIsShownByFieldStopsADeploymentAndIsPutBack() async throws {
    let site = try await ClusterSite(["settings.yaml": "# how large\n" + Self.map("1")])
    let machine = site.machine
    try await machine.mooring(["sync", "production"]).expect(0)
    try await machine.mooring(["drift", "production"]).expect(0)
    try await site.kubectl("patch", "configmap/settings", "--type", "merge", "--patch", #"{"data": {"size": "9"}}"#)
    let shown = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(shown.output.contains("configmap/\(site.namespace)/settings"), "\(shown)")
    #expect(shown.output.contains("data.size: \"1\" → \"9\"") && shown.output.contains("kubectl-patch"), "\(shown)")
    try machine.push(["settings.yaml": Self.map("2")])
    let refused = try await machine.mooring(["sync", "production"]).expect(1)
    #expect(refused.errors.contains("production was changed by hand"), "\(refused)")
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    #expect(try await site.live("configmap/settings", ".data.size") == "1")
    try await machine.mooring(["sync", "production"]).expect(0)
    #expect(try await site.live("configmap/settings", ".data.size") == "2")
  }

  @Test func aSecretThatWasChangedIsToldAndNotShown() async throws {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {user: old-value-1}\n"
    let site = try await ClusterSite(["db.yaml": secret], environment: ["secrets: plaintext"])
    let machine = site.machine
    try await machine.mooring(["sync", "production"]).expect(0)
    try await site.kubectl(
      "patch", "secret/db", "--type", "merge", "--patch", #"{"stringData": {"user": "new-value-2"}}"#)
    let shown = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(shown.output.contains("data.user"), "\(shown)")
    for text in ["old-value-1", "new-value-2"] {
      let encoded = Data(text.utf8).base64EncodedString()
      #expect(!shown.output.contains(text) && !shown.output.contains(encoded), "\(shown)")
    }
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    let journal = try machine.author.git(
      "--git-dir", machine.state + "/repositories/config.git", "log", "-p", "refs/mooring/journal/production", "--",
      "event.json")
    #expect(!journal.contains(Data("new-value-2".utf8).base64EncodedString()))
  }

  @Test func aWatcherThatIsKilledInTheMiddleOfApplyingGoesOn() async throws {
    let maps = Dictionary(uniqueKeysWithValues: (0..<120).map { ("m\($0).yaml", Optional(Self.map("1", "m\($0)"))) })
    // One object waits for another, which isn't ready before the watcher was killed: so it is in the middle then.
    let gate =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: gate, annotations: {mooring.dev/ignore: data.ready}}\n"
    let site = try await ClusterSite(
      maps.merging(["gate.yaml": gate]) { $1 },
      target: ["check: false", "health: [ { kind: ConfigMap, field: data.ready, healthy: [\"yes\"] } ]"])
    let machine = site.machine
    let after = "{name: after, annotations: {mooring.dev/depends-on: configmap/\(site.namespace)/gate}}"
    try machine.push(["after.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: \(after)\n"])
    func applied() async throws -> [Substring] {
      try await site.kubectl("get", "configmaps", "--selector", "mooring.dev/environment", "--output", "name")
        .split(separator: "\n").filter { $0.hasPrefix("configmap/m") }
    }
    try await machine.running(["run"]) { watcher in
      try await machine.until("some are applied", within: .seconds(60)) { try await applied().count > 5 }
      kill(watcher.process, SIGKILL)
    }
    #expect(try await site.live("configmap/after", ".metadata.name") == "")
    try await site.kubectl("patch", "configmap", "gate", "--patch", #"{"data": {"ready": "yes"}}"#)
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified", within: .seconds(90))
    }
    #expect(try await applied().count == 120)
    #expect(try await site.live("configmap/after", ".metadata.name") == "after")
    try await machine.mooring(["drift", "production"]).expect(0)
    // What was applied before it was killed is known, and pruned like everything else.
    try machine.push(Dictionary(uniqueKeysWithValues: (0..<40).map { ("m\($0).yaml", nil) }))
    try await machine.mooring(["sync", "production"]).expect(0)
    #expect(try await applied().count == 80)
  }
}
