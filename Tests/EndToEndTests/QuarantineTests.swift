import MooringTestSupport
import Testing

/// What was rolled back, while a watcher, robots and people work.
@Suite(.inTurn) struct QuarantineTests {
  private static func compose(_ image: String, replicas: Int = 1) -> String {
    "# the shop\nservices:\n  web: { image: \"\(image)\", replicas: \(replicas) }\n"
  }

  private static let gate =
    "gates: [ { command: { name: web, run: [/bin/sh, -c, \"! grep -q web:2 {root}/compose.yaml\"], within: 200ms } } ]"

  @Test func aRobotThatBringsABadImageBackIsStoppedUntilAPersonLiftsIt() async throws {
    let machine = try Machine(["compose.yaml": Self.compose("r/web:1"), "motd": "hello\n"])
    try machine.configure(environment: [Self.gate])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["compose.yaml": Self.compose("r/web:2", replicas: 3)], "Bump web")
      try await watcher.lines.line(containing: "rolled back and verified")
      try machine.pull()
      try machine.push(["compose.yaml": Self.compose("r/web:2"), "motd": "hi\n"], "Bump web, says a robot")
      try await watcher.lines.line(containing: "brings the image r/web:2")
      #expect(try machine.live("motd") == "hello\n")
      let status = try await machine.mooring("status", "production").expect(2)
      #expect(status.output.contains("blocked: v4 isn't deployed") && status.output.contains("--lift"), "\(status)")

      let listed = try await machine.mooring("quarantine", "production").expect(0)
      #expect(listed.output.contains("image r/web:2") && listed.output.contains("replicas: 1 → 3"), "\(listed)")
      let json = try await machine.mooring("quarantine", "production", "--output", "json").json()
      let entry = try #require((json["entries"] as? [[String: Any]])?.first)
      #expect(entry["release"] as? String == "v2" && entry["images"] as? [String] == ["r/web:2"], "\(json)")
      try await machine.mooring("quarantine", "production", "--lift", "deadbeef").expect(1)

      let revision = try #require(entry["revision"] as? String)
      try await machine.mooring("quarantine", "production", "--lift", revision, "--reason", "it was the gate").expect(0)
      try await watcher.lines.line(containing: "deploying v4")
    }
    let story = try await machine.story()
    #expect(story.contains("blocked: v4 isn't deployed") && story.contains("lifted: it was the gate"), "\(story)")
    try machine.pull()
    let message = try machine.author.git("log", "--format=%B", "--grep=Mooring-Operator: mooring (automatic)", "-1")
    #expect(message.contains("- gate web failed: "), "\(message)")
    #expect(try machine.fsck() == "")
  }

  @Test func aDryRunOnlySaysWhatItWouldHaveDone() async throws {
    let machine = try Machine(["compose.yaml": Self.compose("r/web:1")])
    try machine.configure(environment: [Self.gate, "rollback: { automatic: { dryRun: true } }"])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["compose.yaml": Self.compose("r/web:2")], "Bump web")
      try await watcher.lines.line(containing: "by dryRun nothing is rolled back: it would be to v1, and undo 1 commit")
    }
    #expect(try machine.live("compose.yaml") == Self.compose("r/web:2"))
    let status = try await machine.mooring("status", "production").expect(2)
    #expect(status.output.contains("by dryRun not rolled back to v1"), "\(status)")
  }

  @Test func inAClusterABadImageStaysOutToo() async throws {
    func deployment(_ image: String, replicas: Int = 1) -> String {
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: \(replicas)
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: "\(image)"}]}

      """
    }
    let site = try await ClusterSite(["web.yaml": deployment("r/web:1")])
    let machine = site.machine
    try await machine.mooring("sync", "production").expect(0)
    try machine.push(["web.yaml": deployment("r/web:2")], "Bump web")
    try await machine.mooring("sync", "production").expect(0)
    try await machine.mooring("rollback", "production", "--reason", "5xx", "--yes").expect(0)
    try machine.pull()
    try machine.push(["web.yaml": deployment("r/web:2", replicas: 2)], "Bump web, and scale")
    try await machine.mooring("run", "--once")
    let status = try await machine.mooring("status", "production").expect(2)
    #expect(
      status.output.contains("brings the image r/web:2 (web.yaml: spec.template.spec.containers[name=web].image) back"),
      "\(status)")
    #expect(try await site.live("deployment/web", ".spec.template.spec.containers[0].image") == "r/web:1")
    try await machine.mooring("sync", "production").expect(0)
    #expect(try await site.live("deployment/web", ".spec.replicas") == "2")
    try await machine.mooring("quarantine", "production").expect(0)
  }
}
