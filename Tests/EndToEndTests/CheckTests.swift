import Foundation
import MooringTestSupport
import Processes
import Testing

/// `mooring check` as a pipeline calls it: in a clone, with the configuration that production has, and nothing else.
@Suite(.inTurn) struct CheckTests {
  private static let digest = "sha256:" + String(repeating: "0a", count: 32)

  private static func app(_ image: String, replicas: Int = 2) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: shop }
    spec:
      replicas: \(replicas)
      template:
        spec:
          containers:
            - name: web
              image: registry.example/shop\(image)

    """
  }

  /// A clone whose second commit names an image by `latest`.
  private func machine(_ readiness: String = "{}") throws -> Machine {
    let machine = try Machine(["app.yaml": Self.app("@" + Self.digest)])
    try machine.configure(
      others: machine.environment("staging", path: "staging") + "\nreadiness: \(readiness)\n")
    try machine.author.git("update-ref", "refs/remotes/origin/main", "HEAD")
    try machine.author.commit("Latest", files: ["app/app.yaml": Self.app(":latest")])
    return machine
  }

  private func check(_ machine: Machine, _ arguments: String...) async throws -> Machine.Answer {
    let outcome = try await run(
      Program(
        ["/bin/sh", "-c", "exec \"$0\" check \"$@\" 2>\(machine.folder["errors"])", Machine.program] + arguments,
        directory: machine.author.path,
        environment: Program.scrubbed(adding: ["MOORING_CONFIG": machine.configuration]), timeLimit: .seconds(60),
        outputLimit: 1 << 20))
    var status: Int32?
    if case .exited(let code) = outcome.termination { status = code }
    return Machine.Answer(status: status, output: outcome.output, errors: try machine.folder.read("errors"))
  }

  @Test func `Says in text where, what and how to correct it, and exits with 2`() async throws {
    let machine = try machine()
    let objects = try machine.author.git("count-objects", "-v")
    let answer = try await check(machine)
    #expect(answer.status == 2)
    #expect(
      answer.output.contains(
        "app/app.yaml:10 spec.template.spec.containers[name=web].image: error[image-latest] registry.example/shop:latest is"
      ),
      "\(answer)")
    #expect(answer.output.contains("; name the image by digest: NAME@sha256:…"), "\(answer)")
    #expect(answer.output.contains("production: 1 error"), "\(answer)")
    #expect(answer.output.contains("staging: nothing stands in the way of going back"), "\(answer)")
    // It needs no state, and leaves nothing behind.
    #expect(!machine.exists("state"))
    #expect(try machine.author.git("count-objects", "-v") == objects)
  }

  @Test func `Says the same in JSON`() async throws {
    let answer = try await check(try machine(), "--output", "json")
    #expect(answer.status == 2)
    let json = try answer.json()
    let environments = try #require(json["environments"] as? [[String: Any]])
    #expect(environments.map { $0["environment"] as? String } == ["production", "staging"])
    let report = try #require(environments.first?["report"] as? [String: Any])
    #expect(report["errors"] as? Int == 1 && report["warnings"] as? Int == 0)
    let finding = try #require((report["findings"] as? [[String: Any]])?.first)
    #expect(finding["rule"] as? String == "image-latest" && finding["severity"] as? String == "error")
    #expect(finding["file"] as? String == "app/app.yaml" && finding["line"] as? Int == 10, "\(finding)")
    #expect(finding["why"] is String && finding["fix"] is String && finding["waived"] == nil)
    #expect((json["base"] as? String)?.count == 40 && (json["revision"] as? String)?.count == 40)
  }

  @Test func `Says the same as SARIF, with every rule described`() async throws {
    let answer = try await check(try machine(), "--output", "sarif")
    #expect(answer.status == 2)
    let log = try answer.json()
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    let result = try #require(results.first)
    #expect(
      results.count == 1 && result["ruleId"] as? String == "image-latest" && result["level"] as? String == "error")
    let index = try #require(result["ruleIndex"] as? Int)
    #expect(rules[index]["id"] as? String == "image-latest", "\(rules[index])")
    let place = ((result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]) ?? [:]
    #expect((place["artifactLocation"] as? [String: Any])?["uri"] as? String == "app/app.yaml")
    #expect((place["region"] as? [String: Any])?["startLine"] as? Int == 10)
  }

  @Test func `Compares with what is named, or with where the change left the branch`() async throws {
    let machine = try machine()
    try machine.author.commit("Replicas", files: ["app/app.yaml": Self.app(":latest", replicas: 3)])
    #expect(try await check(machine).status == 2, "since it left the branch")
    let last = try machine.author.git("rev-parse", "HEAD~1")
    #expect(try await check(machine, "--base", last).status == 0, "since the commit before")
    #expect(try await check(machine, "--base", "origin/main", last).status == 2)
    #expect(try await check(machine, "--base", "main").status == 0)
    let unknown = try await check(machine, "--base", "HEAD~1")
    #expect(unknown.status == 64 && unknown.errors.contains("all 40 digits"), "\(unknown)")
    #expect(try await check(machine, "--output", "xml").status == 64)
  }

  @Test(arguments: [
    (
      "{ waive: [ { rule: image-latest, where: 'app/*.yaml', reason: 'moves on Friday', until: 2999-01-01 } ] }", 0,
      "waived[image-latest]", "until 2999-01-01T00:00:00.000Z: moves on Friday"
    ),
    (
      "{ waive: [ { rule: image-latest, where: other/*, reason: elsewhere, until: 2999-01-01 } ] }", 2,
      "error[image-latest]", ""
    ),
    (
      "{ waive: [ { rule: image-latest, reason: 'moved on Friday', until: 2020-01-01 } ] }", 2, "error[image-latest]",
      "it was waived until 2020-01-01T00:00:00.000Z: moved on Friday"
    ),
    ("{ rules: { image-latest: warning } }", 0, "warning[image-latest]", "production: 1 warning"),
    ("{ rules: { image-latest: off } }", 0, "production: nothing stands in the way", ""),
  ])
  func `Rules are set, and findings waived for a reason and a while`(
    _ readiness: String, _ status: Int, _ wanted: String, _ more: String
  ) async throws {
    let answer = try await check(try machine(readiness))
    #expect(answer.status.map(Int.init) == status, "\(answer)")
    #expect(answer.output.contains(wanted) && (more.isEmpty || answer.output.contains(more)), "\(answer)")
  }

  @Test func `Waits for a backup before something is destroyed, in the pipeline and at the deployment`() async throws {
    let machine = try Machine(["migrations/1.up.sql": "CREATE TABLE t (a int, b int);", "migrations/1.down.sql": ""])
    let stamp = machine.folder["stamp"]
    try machine.configure(environment: ["readiness: { backup: { file: \(stamp), within: 1h } }"])
    try await machine.mooring("sync", "production").expect(0)
    let base = try machine.author.git("rev-parse", "HEAD")
    let drop = "-- mooring: unused since \(base)\nALTER TABLE t DROP COLUMN b;"
    try machine.push(["migrations/2.up.sql": drop, "migrations/2.down.sql": ""], "Drop it")
    let checked = try await check(machine, "--base", base)
    #expect(checked.status == 2 && checked.output.contains("error[backup-missing]"), "\(checked)")
    #expect(try await check(machine, "--base", base, "--without-backup").status == 0)
    // The release waits, the watcher says so, and so does the status.
    let once = try await machine.mooring("run", "--once")
    #expect("\(once)".contains("v2 waits for a backup: the backup of \(stamp) isn't there"), "\(once)")
    let waiting = try await machine.status()
    #expect((waiting["waiting"] as? [String: Any])?["on"] as? String == "backup", "\(waiting)")
    let text = try await machine.mooring("status")
    #expect(text.output.contains("waiting: v2 waits for a backup"), "\(text)")
    #expect(try machine.live("migrations/2.up.sql") == nil)
    try machine.folder.write("", to: "stamp")
    #expect(try await check(machine, "--base", base).status == 0)
    try await machine.mooring("run", "--once").expect(0)
    #expect(try machine.live("migrations/2.up.sql") == drop)
    let done = try await machine.status()
    #expect(done["waiting"] == nil)
  }

  @Test func `A person deploys without a backup who says so`() async throws {
    let machine = try Machine(["migrations/1.up.sql": "CREATE TABLE t (a int);", "migrations/1.down.sql": ""])
    let readiness = "readiness: { backup: { command: [/bin/false], within: 1h } }"
    try machine.configure(environment: [readiness])
    try await machine.mooring("sync", "production").expect(0)
    try machine.push(["migrations/2.up.sql": "DELETE FROM t;", "migrations/2.down.sql": ""], "Empty it")
    let refused = try await machine.mooring("sync", "production").expect(1)
    #expect(refused.errors.contains("--without-backup"), "\(refused)")
    try await machine.mooring("sync", "production", "--without-backup").expect(0)
    #expect(try machine.live("migrations/2.up.sql") == "DELETE FROM t;")
    // A rollback never waits for one.
    try await machine.mooring("rollback", "production", "--reason", "bad", "--yes").expect(0)
    #expect(try machine.live("migrations/2.up.sql") == nil)
  }
}
