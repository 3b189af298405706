import MooringTestSupport
import Testing

/// More places to watch than a pool of connections, or a process by default, has room for.
@Suite(.inTurn, .timeLimit(.minutes(30))) struct ManyNamespacesTests {
  @Test func whatHappensInTwoHundredNamespacesIsSeenAsItHappens() async throws {
    var options = ControlPlane.Options()
    options.controllers = false
    options.kubelet = false
    let plane = try await ControlPlane(options)
    let names = (0..<200).map { "many-\($0)" }
    func manifests(_ manifest: (String) -> String) -> String { names.map(manifest).joined(separator: "---\n") }
    try await plane.kubectl(
      "create", "-f", "-", input: manifests { "{apiVersion: v1, kind: Namespace, metadata: {name: \($0)}}\n" })
    let site = try await ClusterSite(
      ["settings.yaml": ClusterSite.map("1")], on: plane,
      target: ["namespaces: [\(names.joined(separator: ", "))]"])
    // As a service manager has it: 1,024 files by default, here fewer, and more for whoever asks.
    let few = ["sh", "-c", "ulimit -Sn 160 && exec \"$@\"", "sh"]
    try await site.machine.running(["run"], through: few) { watcher in
      try await watcher.lines.line(containing: "changes are seen as they happen", within: .seconds(90))
      try await plane.kubectl(
        "create", "-f", "-",
        input: manifests { "{apiVersion: v1, kind: ConfigMap, metadata: {name: stray, namespace: \($0)}}\n" })
      try await site.machine.until("all are told of", within: .seconds(60)) {
        try await (site.machine.status()["drift"] as? [String: Any])?["count"] as? Int == names.count
      }
    }
  }
}
