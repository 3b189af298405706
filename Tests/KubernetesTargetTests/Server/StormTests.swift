import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: others write all the time, and the server forgets what it had.
@Suite("Storms", .inTurn) struct StormTests {
  @Test func whoWritesAnObjectAllTheTimeKeepsNobodyFromApplyingIt() async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.map("a", "{x: '0'}"))
    try await withThrowingTaskGroup(of: Void.self) { writers in
      for writer in 0..<6 {
        writers.addTask {
          var round = 0
          while !Task.isCancelled {
            round += 1
            let merge = "{metadata: {annotations: {writer-\(writer): '\(round)'}}}"
            do { try await site.patch(site.reference("ConfigMap", "a"), merge, by: "writer-\(writer)") } catch let error
              as KubernetesError
            {
              // They are in each other's way, too.
              guard [.conflict, .cancelled].contains(error.code) else { throw error }
            }
          }
        }
      }
      for value in 1...20 { try await site.deploy(Samples.map("a", "{x: '\(value)'}")) }
      writers.cancelAll()
      try await writers.waitForAll()
    }
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "20")
  }

  @Test func aWatchWhosePlaceInTheHistoryWasCompactedTellsWhatChangedSince() async throws {
    var options = ControlPlane.Options()
    options.controllers = false
    options.kubelet = false
    options.apiServerFlags = ["--etcd-compaction-interval=2s", "--watch-cache=false"]
    let plane = try await ControlPlane(options)
    let site = try await LiveEnvironment(on: plane) { $0.check = false }
    let release = try site.contents(Samples.map("a"))
    try await site.deploy(release)
    let watch = try await site.target.watch(LookRules())
    #expect(try await site.drift(from: release) == [])
    let version = try #require(try await site.get("ConfigMap", "a")?.resourceVersion)
    // Others go on, and nothing happens where we watch.
    let path = "/api/v1/namespaces/\(site.namespace)/configmaps?watch=1&timeoutSeconds=1&resourceVersion=\(version)"
    var isCompacted = false
    while !isCompacted {
      try await site.kubectl("create", "secret", "generic", "s\(UInt32.random(in: .min ... .max))")
      isCompacted = try await site.kubectl("get", "--raw", path).contains("\"code\":410")
    }
    try await plane.restartAPIServer()
    try await site.patch(site.reference("ConfigMap", "a"), "{data: {x: '2'}}")
    // Whatever is told of, an object or that something may have been missed, a look finds it.
    for await _ in watch.changes { if try await site.drift(from: release) == ["configmap/a data.x"] { break } }
  }

  @Test func aServerThatHasTooMuchToDoIsAskedAgain() async throws {
    var options = ControlPlane.Options()
    options.kubelet = false
    // Without queues: who comes too many is turned away. Administrators never are.
    options.apiServerFlags = ["--enable-priority-and-fairness=false", "--max-mutating-requests-inflight=1"]
    let plane = try await ControlPlane(options)
    let site = try await LiveEnvironment(on: plane)
    let account = try await ServiceAccountConfig(
      of: site, "[{apiGroups: [''], resources: [configmaps], verbs: ['*']}]")
    let theirs = try await LiveEnvironment(on: plane, namespace: site.namespace, kubeconfig: account.kubeconfig) {
      $0.check = false
    }
    let release = try theirs.contents((0..<100).map { Samples.map("m\($0)") }.joined(separator: "---\n"))
    try await theirs.deploy(release)
    #expect(try await theirs.drift(from: release) == [])
    let metrics = try await site.kubectl("get", "--raw", "/metrics").split(separator: "\n")
    let turnedAway = metrics.filter { $0.hasPrefix("apiserver_dropped_requests_total{") }
    #expect(!turnedAway.isEmpty, "some were turned away")
  }
}
