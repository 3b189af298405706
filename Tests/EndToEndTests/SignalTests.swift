import Foundation
import MooringTestSupport
import Testing

/// Whether a rollback helped, by a real Prometheus that scrapes a real service.
@Suite(.inTurn) struct SignalTests {
  private func good(_ site: ShopSite) async throws {
    try site.machine.configure(environment: site.signals)
    try await site.machine.mooring("sync", "production").expect(0)
    try await site.hasSeen("\(ShopSite.errors) < 0.05", for: 2)
  }

  private func bad(_ site: ShopSite) async throws {
    try site.machine.push(["shop.json": #"{"failing": 0.5, "seconds": 0.03}"#], "Faster orders")
    try await site.machine.mooring("sync", "production").expect(0)
    try await site.hasSeen("\(ShopSite.errors) > 0.3", for: 3)
  }

  private func verdict(_ answer: Machine.Answer) throws -> [String: Any] {
    try #require(try answer.json()["verdict"] as? [String: Any], "\(answer)")
  }

  @Test func aBadReleaseIsRolledBackAndTheSignalsRecover() async throws {
    let site = try await ShopSite()
    let machine = site.machine
    try await good(site)
    try await bad(site)
    let answer = try await machine.mooring(
      "rollback", "production", "--reason", "orders fail", "--yes", "--output", "json"
    ).expect(0)
    let verdict = try verdict(answer)
    #expect(verdict["verdict"] as? String == "recovered", "\(verdict)")
    let signals = try #require(verdict["signals"] as? [[String: Any]])
    #expect(signals.map { $0["name"] as? String } == ["errors", "latency"])
    #expect(signals.allSatisfy { $0["movement"] as? String == "improved" }, "\(signals)")
    #expect(try await machine.story().contains("verdict: recovered: errors "))
    let report = try await machine.mooring("incident", "production").expect(0).output
    #expect(report.contains("**recovered**") && report.contains("│"), "\(report)")
  }

  @Test func aCauseElsewhereIsNoChangeAndNamesWhatElseChanged() async throws {
    let site = try await ShopSite()
    let machine = site.machine
    try machine.configure(
      environment: site.signals, others: machine.environment("payments", path: "app/shared"))
    try machine.push(["shared/rates.yaml": "eur: 1\n"], "Rates")
    try await machine.mooring("sync", "production").expect(0)
    try await site.hasSeen("\(ShopSite.errors) < 0.05", for: 2)
    try machine.push(["shop.json": #"{"failing": 0, "seconds": 0.001, "colour": "blue"}"#], "Blue")
    try await machine.mooring("sync", "production").expect(0)
    try await machine.mooring("sync", "payments").expect(0)
    try machine.folder.write("the network is at fault", to: "outside")
    try await site.hasSeen("\(ShopSite.errors) > 0.3", for: 3)
    let answer = try await machine.mooring("rollback", "production", "--reason", "orders fail", "--yes").expect(3)
    #expect(answer.output.contains("verdict: no change: the release may not be the cause: errors "), "\(answer)")
    #expect(answer.output.contains("payments (shares app/shared): deploying"), "\(answer)")
    let report = try await machine.mooring("incident", "production").expect(0).output
    #expect(report.contains("The cause is still open") && report.contains("## What else changed at that time"))
  }

  @Test func changesByHandHereAndElsewhereAreNamedWhereTheReleaseMayNotBeTheCause() async throws {
    let site = try await ShopSite()
    let machine = site.machine
    try machine.configure(environment: site.signals, others: machine.environment("payments", path: "app/shared"))
    try machine.push(["shared/rates.yaml": "eur: 1\n"], "Rates")
    try await machine.mooring("sync", "production").expect(0)
    try await machine.mooring("sync", "payments").expect(0)
    try await site.hasSeen("\(ShopSite.errors) < 0.05", for: 2)
    try machine.push(["shop.json": #"{"failing": 0, "seconds": 0.001, "colour": "blue"}"#], "Blue")
    try await machine.mooring("sync", "production").expect(0)
    // What really is at fault stands in no release: somebody made it by hand, beside two other things.
    try machine.folder.write("the network is at fault", to: "outside")
    try machine.change("root-payments/current/rates.yaml", to: "eur: 7\n")
    try machine.change("root/current/shared/rates.yaml", to: "eur: 9\n")
    try await machine.mooring("run", "--once").expect(0)
    try await site.hasSeen("\(ShopSite.errors) > 0.3", for: 3)
    let answer = try await machine.mooring(
      "rollback", "production", "--reason", "orders fail", "--yes", "--output", "json"
    ).expect(3)
    let verdict = try verdict(answer)
    #expect(verdict["verdict"] as? String == "no change", "\(verdict)")
    let meanwhile = try #require(verdict["meanwhile"] as? [[String: Any]])
    func named(_ environment: String, _ what: String) -> Bool {
      meanwhile.contains {
        $0["environment"] as? String == environment && ($0["what"] as? String)?.contains(what) == true
      }
    }
    #expect(named("production", "eur: 1 → 9"), "\(meanwhile)")
    #expect(named("payments", "eur: 1 → 7"), "\(meanwhile)")
    #expect(
      meanwhile.allSatisfy { ($0["environment"] as? String == "payments") == ($0["sharedInputs"] != nil) },
      "\(meanwhile)")
  }

  @Test func anAutomaticRollbackIsJudgedByTheWatcher() async throws {
    let site = try await ShopSite()
    let machine = site.machine
    try await good(site)
    try machine.configure(
      environment: site.signals + [
        "gates:",
        "  - prometheus: { name: orders, url: \"\(site.url)\", query: \"\(ShopSite.errors)\", below: 0.1, within: 5s,"
          + " stableFor: 3s, interval: 100ms }",
      ])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "changes are seen")
      try machine.push(["shop.json": #"{"failing": 0.5, "seconds": 0.03}"#], "Faster orders")
      try await watcher.lines.line(containing: "automatic rollback to v1", within: .seconds(60))
      try await watcher.lines.line(containing: "verdict: recovered: errors ", within: .seconds(60))
    }
    let report = try await machine.mooring("incident", "production").expect(0).output
    #expect(report.contains("**recovered**") && report.contains("gate orders failed"), "\(report)")
    #expect(try machine.folder.read("state/incidents/production/\(try await rollback(machine)).md") == report + "\n")
  }

  /// The identifier of the newest rollback.
  private func rollback(_ machine: Machine) async throws -> String {
    let json = try await machine.mooring("incident", "production", "--output", "json").expect(0).json()
    return try #require((json["incident"] as? [String: Any])?["id"] as? String)
  }

  @Test func whoDoesNotWaitLeavesTheVerdictToTheWatcher() async throws {
    let site = try await ShopSite()
    let machine = site.machine
    try await good(site)
    try await bad(site)
    let answer = try await machine.mooring(
      "rollback", "production", "--reason", "orders fail", "--yes", "--no-wait", "--output", "json"
    ).expect(0)
    #expect(try answer.json()["verdict"] == nil, "\(answer)")
    #expect(try await !machine.story().contains("verdict:"))
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verdict: recovered: errors ", within: .seconds(60))
    }
    #expect(try await machine.story().contains("verdict: recovered: errors "))
    #expect(try await machine.mooring("incident", "production").expect(0).output.contains("**recovered**"))
  }

  @Test func whatTheGatesAnswerSaysItToo() async throws {
    let site = try await ShopSite()
    let machine = site.machine
    try machine.configure(environment: [
      "gates: [ { http: { name: orders, url: \"http://127.0.0.1:\(site.port)/order\", within: 20s, interval: 50ms } } ]",
      "verdict: { before: 4s, after: 3s, settle: 500ms, step: 200ms, sample: 200ms }",
    ])
    try await machine.mooring("sync", "production").expect(0)
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "changes are seen")
      try machine.push(["shop.json": #"{"failing": 0.8, "seconds": 0.1}"#], "Slow orders")
      try await watcher.lines.line(containing: "deploying v2")
      try await watcher.lines.line(containing: "verified")
      // The ring of what the watcher's questions were answered.
      try await machine.until("some were answered") { try attempts(machine).filter { !$0 }.count >= 15 }
      try await machine.mooring("rollback", "production", "--reason", "orders fail", "--yes").expect(0)
      try await watcher.lines.line(containing: "verdict: recovered: ", within: .seconds(60))
    }
    let report = try await machine.mooring("incident", "production").expect(0).output
    #expect(report.contains("orders latency"), "\(report)")
  }

  /// Whether the gate held, attempt by attempt, as the watcher noted it.
  private func attempts(_ machine: Machine) throws -> [Bool] {
    guard machine.exists("state/samples/production"),
      let note = try JSONSerialization.jsonObject(with: Data(machine.folder.read("state/samples/production").utf8))
        as? [String: Any],
      let gates = note["gates"] as? [String: Any], let orders = gates["orders"] as? [[String: Any]]
    else { return [] }
    return orders.compactMap { $0["held"] as? Bool }
  }

  @Test func aGateAsksPrometheusAndRollsBack() async throws {
    let site = try await ShopSite()
    let machine = site.machine
    try await good(site)
    try machine.configure(environment: [
      "gates:",
      "  - prometheus: { name: orders, url: \"\(site.url)\", query: \"\(ShopSite.errors)\", below: 0.1, within: 4s,"
        + " stableFor: 2s, interval: 100ms }",
    ])
    try machine.push(["shop.json": #"{"failing": 0.5, "seconds": 0.001}"#], "Break it")
    try await machine.mooring("sync", "production").expect(1)
    #expect(try machine.live("shop.json") == #"{"failing": 0, "seconds": 0.001}"#)
    let story = try await machine.story()
    #expect(story.contains("gate orders failed: 0.") && story.contains("is not below 0.1"), "\(story)")
    #expect(story.contains("rolled back and verified"), "\(story)")
  }

  @Test func whoWaitsIsToldThatProductionIsBackBeforeTheSignalsHaveTheirSay() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(environment: [
      "signals: [ { name: errors, better: lower, url: \"http://127.0.0.1:\(try FreePort.find())\", query: up } ]",
      "verdict: { before: 1s, after: 3s, settle: 0s, step: 200ms }",
    ])
    try await machine.mooring("sync", "production").expect(0)
    try machine.push(["app.yaml": "a: 2\n"])
    try await machine.mooring("sync", "production").expect(0)
    try await machine.running(["rollback", "production", "--reason", "x", "--yes"]) { rollback in
      try await rollback.lines.line(containing: "back on v1")
      #expect(!rollback.lines.all.contains { $0.hasPrefix("verdict:") })
      try await rollback.lines.line(containing: "verdict: not enough data")
    }
  }

  @Test func aServerThatIsDownIsNamedAndSaysNothing() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let port = try FreePort.find()
    try machine.folder.write("s3cret-token\n", to: "token")
    try machine.configure(environment: [
      "signals: [ { name: errors, better: lower, url: \"http://127.0.0.1:\(port)\", query: up, tokenFile: token,"
        + " allowHTTP: true } ]", "verdict: { before: 1s, after: 1s, settle: 0s, step: 200ms }",
    ])
    try await machine.mooring("sync", "production").expect(0)
    try machine.push(["app.yaml": "a: 2\n"])
    try await machine.mooring("sync", "production").expect(0)
    let answer = try await machine.mooring("rollback", "production", "--reason", "x", "--yes").expect(3)
    #expect(answer.output.contains("verdict: not enough data"), "\(answer)")
    #expect(answer.output.contains("http://127.0.0.1:\(port): the connection was refused"), "\(answer)")
    #expect(!answer.output.contains("s3cret") && !answer.errors.contains("s3cret"))
    #expect(try await !machine.story().contains("s3cret"))
  }
}
