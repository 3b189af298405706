import Foundation
import MooringTestSupport
import Processes
import Testing

/// The printed steps by hand, carried out with the real kubectl on a real API server.
@Suite(.inTurn) struct KubernetesRunbookTests {
  @Test func theStepsByHandBringAClusterBack() async throws {
    let site = try await ClusterSite(["settings.yaml": ClusterSite.map("1")])
    try await site.machine.mooring("sync", "production").expect(0)
    try site.machine.push(["settings.yaml": ClusterSite.map("2"), "more.yaml": ClusterSite.map("3", "more")])
    try await site.machine.mooring("sync", "production").expect(0)
    #expect(try await site.live("configmap/settings", ".data.size") == "2")
    let script = try await site.machine.mooring("runbook", "production", "--script").expect(0).output
    #expect(script.contains("delete --ignore-not-found configmap/more"), "\(script)")
    let outcome = try await run(
      Program(
        ["/bin/sh", "-xc", script],
        environment: site.plane.environment.merging([
          "HOME": site.machine.folder.path, "GIT_AUTHOR_NAME": "Hand", "GIT_AUTHOR_EMAIL": "hand@example.com",
          "GIT_COMMITTER_NAME": "Hand", "GIT_COMMITTER_EMAIL": "hand@example.com", "TMPDIR": site.machine.folder.path,
        ]) { _, mine in mine }, timeLimit: .seconds(60)))
    #expect(outcome.succeeded, "\(outcome.output)")
    #expect(try await site.live("configmap/settings", ".data.size") == "1")
    #expect(try await site.live("configmap/more", ".data.size") == "")
    try await site.machine.mooring("sync", "production").expect(0)
    try await site.machine.mooring("drift", "production").expect(0)
  }
}
