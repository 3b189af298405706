import Foundation
import Glibc
import MooringTestSupport
import Testing

/// Going back is rehearsed in a cluster, and its objects are what they were.
@Suite(.inTurn, .timeLimit(.minutes(30))) struct KubernetesDrillTests {
  /// Production runs v2, which changed one object, took one away and brought one.
  private func site() async throws -> ClusterSite {
    let site = try await ClusterSite(
      ["settings.yaml": ClusterSite.map("1"), "old.yaml": ClusterSite.map("1", "old")], environment: ["drills: true"])
    try await site.machine.mooring(["sync", "production"]).expect(0)
    try site.machine.push([
      "settings.yaml": ClusterSite.map("2"), "old.yaml": nil, "new.yaml": ClusterSite.map("1", "new"),
    ])
    try await site.machine.mooring(["sync", "production"]).expect(0)
    return site
  }

  /// Every ConfigMap that isn't bookkeeping: name, labels, data.
  private func objects(_ site: ClusterSite) async throws -> String {
    try await site.kubectl(
      "get", "configmaps", "--selector", "mooring.dev/environment=production", "--output",
      "jsonpath={range .items[*]}{.metadata.name} {.metadata.labels} {.data}{\"\\n\"}{end}")
  }

  @Test func `Goes back and returns`() async throws {
    let site = try await site()
    let before = try await objects(site)
    #expect(before.contains("new") && !before.contains("old"), "\(before)")
    let drilled = try await site.machine.mooring(["drill", "production", "--output", "json"]).expect(0)
    #expect(try drilled.json()["outcome"] as? String == "verified", "\(drilled)")
    #expect(try await objects(site) == before)
    try await site.machine.mooring(["drift", "production"]).expect(0)
    let status = try await site.machine.status()
    #expect(status["health"] as? String == "healthy" && status["sync"] as? String == "synced", "\(status)")
  }

  @Test(arguments: [1, 2])
  func `Is killed at any step, and the cluster is what it was after the next start`(_ seed: UInt64) async throws {
    let site = try await site()
    var random = Seeded(seed)
    let before = try await objects(site)
    for place in ["deploying v1, as a drill", "gate contents held", "deploying v2 again"] {
      try await site.machine.running(["drill", "production"]) { running in
        try await running.lines.line(containing: place)
        usleep(UInt32.random(in: 0..<200_000, using: &random))
        kill(running.process, SIGKILL)
      }
      try await site.machine.mooring(["sync", "production"]).expect(0)
      #expect(try await objects(site) == before, "seed \(seed), killed after \(place)")
      try await site.machine.mooring(["drift", "production"]).expect(0)
      #expect(try await site.machine.status()["activity"] == nil)
    }
  }
}
