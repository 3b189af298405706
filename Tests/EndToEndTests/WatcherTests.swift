import Foundation
import MooringTestSupport
import Processes
import Testing

/// The watcher while things happen to it.
@Suite(.inTurn) struct WatcherTests {
  /// A gate that waits for as long as the release holds `slow` and nobody has made the file `go`.
  private func waitingGate(_ machine: Machine) -> String {
    "gates: [ { command: { name: go, run: [/bin/sh, -c, \"[ ! -e {root}/slow ] || [ -e \(machine.folder["go"]) ]\"], within: 90s, interval: 50ms } } ]"
  }

  @Test func commitsAreDeployedAsTheyComeAndABadOneIsRevertedByItself() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(environment: [
      "gates: [ { command: { run: [/bin/sh, -c, \"! grep -q bad {root}/app.yaml\"], within: 200ms } } ]"
    ])
    let ending = try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["app.yaml": "a: bad\n"])
      try await watcher.lines.line(containing: "automatic rollback to v1")
      try await watcher.lines.line(containing: "rolled back and verified")
      try machine.pull()
      try machine.push(["app.yaml": "a: 3\n"])
      try await watcher.lines.line(containing: "deploying v4")
      try await machine.until("v4 is live") { try machine.live("app.yaml") == "a: 3\n" }
    }
    #expect(ending == .exited(0))
    #expect(
      try machine.author.git("ls-remote", machine.remote.path, "refs/mooring/*").contains(
        "refs/mooring/journal/production"))
    #expect(try machine.fsck() == "")
  }

  @Test func historyIsReadAheadSoThatNobodyWaitsForIt() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "history read")
      try machine.push(["app.yaml": "a: 2\n"])
      try await machine.until("the second commit is read", within: .seconds(30)) {
        watcher.lines.all.count { $0.contains("history read") } >= 2
      }
    }
    let update = try await machine.mooring("index", "update", "production")
    #expect(update.status == 0 && update.output.hasPrefix("read 0 commits"), "\(update)")
    let history = try await machine.mooring("history", "production", "app.yaml", "a")
    #expect(history.output.contains("a: 1 → 2"), "\(history)")
  }

  @Test func aNewerRevisionEndsAWaitingGateAndTakesOver() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(environment: [waitingGate(machine)])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["app.yaml": "a: 2\n", "slow": ""])
      try await machine.until("v2 is live") { try machine.live("app.yaml") == "a: 2\n" }
      try machine.push(["app.yaml": "a: 3\n", "slow": nil])
      try await watcher.lines.line(containing: "superseded by a newer revision")
      let known = watcher.lines.all.count
      try await machine.until("v3 is live") { try machine.live("app.yaml") == "a: 3\n" }
      try await machine.until("v3 is verified") { try await machine.status()["health"] as? String == "healthy" }
      #expect(known > 0)
    }
    let story = try await machine.story()
    #expect(!story.contains("failed"), "\(story)")
    #expect(!story.contains("rollback"), "what was superseded isn't reverted: \(story)")
  }

  @Test func aRollbackWhileAGateWaitsGoesBackToWhatRanBeforeIt() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(environment: [waitingGate(machine)])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["app.yaml": "a: 2\n"])
      try await machine.until("v2 is verified") {
        let release = try await machine.status()["release"] as? [String: Any]
        return release?["label"] as? String == "v2" && release?["verified"] as? Bool == true
      }
      try machine.push(["app.yaml": "a: 3\n", "slow": ""])
      try await machine.until("v3 is live") { try machine.live("app.yaml") == "a: 3\n" }
      let answer = try await machine.mooring("rollback", "production", "--reason", "bad", "--yes")
      #expect(answer.status == 0, "\(answer)")
      #expect(try machine.live("app.yaml") == "a: 2\n", "not to v1: \(answer)")
    }
    #expect(try machine.live("app.yaml") == "a: 2\n")
  }

  @Test func theWatcherEndsAtOnceInTheMiddleOfAGateAndTheNextStartFinishes() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(environment: [waitingGate(machine)])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: 2\n", "slow": ""])
    let start = ContinuousClock.now
    let ending = try await machine.watching { watcher in
      try await machine.until("v2 is live") { try machine.live("app.yaml") == "a: 2\n" }
    }
    #expect(ending == .exited(0))
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(try await machine.status()["activity"] as? String == "deploying v2")
    try machine.folder.write("", to: "go")
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try await machine.status()["health"] as? String == "healthy")
    let story = try await machine.story()
    #expect(story.components(separatedBy: "deploying v2").count == 2, "begun once: \(story)")
    #expect(story.hasSuffix("verified"), "\(story)")
    #expect(try await machine.processesLeft().isEmpty)
  }

  @Test func oneEnvironmentsHangingGateDelaysNoOther() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(others: machine.environment("staging", path: "app", [waitingGate(machine)]))
    try await machine.watching { watcher in
      try await machine.until("both run v1") {
        try machine.live("app.yaml") == "a: 1\n"
          && machine.live("app.yaml", root: machine.folder["root-staging"]) == "a: 1\n"
      }
      try machine.push(["app.yaml": "a: 2\n", "slow": ""])
      try await machine.until("staging is in its gate") {
        try machine.live("app.yaml", root: machine.folder["root-staging"]) == "a: 2\n"
      }
      for version in 3..<6 {
        try machine.push(["other-\(version)": "x"])
        try await machine.until("production runs on", within: .seconds(15)) {
          try machine.live("other-\(version)") == "x"
        }
      }
    }
  }

  @Test func anOwedRevertIsPaidByTheWatcherWhenTheRemoteIsBack() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: 2\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    let away = machine.remote.path + "-away"
    try FileManager.default.moveItem(atPath: machine.remote.path, toPath: away)
    do {
      let answer = try await machine.mooring("rollback", "production", "--reason", "bad", "--yes")
      #expect(answer.status == 3, "\(answer)")
      #expect(answer.output.contains("the revert is owed"), "\(answer)")
      let status = try await machine.mooring("status", "production")
      #expect(status.status == 2)
      #expect(status.output.contains("v1 (revert pending)") && status.output.contains("is owed since"), "\(status)")
    } catch {
      try FileManager.default.moveItem(atPath: away, toPath: machine.remote.path)
      throw error
    }
    #expect(try machine.live("app.yaml") == "a: 1\n")
    try await machine.watching { watcher in
      try FileManager.default.moveItem(atPath: away, toPath: machine.remote.path)
      try await watcher.lines.line(containing: "is on the branch")
      try await machine.until("it has its number") {
        (try await machine.status()["release"] as? [String: Any])?["label"] as? String == "v3"
      }
    }
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 1")
    #expect(try await machine.mooring("status").status == 0)
    #expect(try machine.fsck() == "")
  }

  @Test func twoProcessesNeverDeployOneEnvironmentAtOnce() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let critical =
      "if mkdir \(machine.folder["inside"]); then sleep 0.05; rmdir \(machine.folder["inside"]); else touch \(machine.folder["overlap"]); fi; echo x >> \(machine.folder["count"])"
    try machine.configure(host: ["validate: [/bin/sh, -c, \"\(critical)\"]"], journal: "{ push: false }")
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: 2\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for round in 0..<3 {
            let answer = try await machine.mooring(
              "rollback", "production", "--to", "v\((worker + round) % 2 + 1)", "--reason", "race", "--yes")
            #expect([0, 1].contains(answer.status), "\(answer)")
            if answer.status == 1 { #expect(answer.errors.contains("already runs"), "\(answer)") }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(!machine.exists("overlap"), "two validations ran at once")
    #expect(try machine.folder.read("count").count >= 6)
    let story = try await machine.story()
    #expect(
      story.components(separatedBy: "deploying").count - 1 == story.components(separatedBy: "Z  verified").count - 1,
      "every deployment that began ended: \(story)")
    #expect(try await machine.mooring("status").status == 0)
    #expect(try machine.fsck() == "")
  }
}
