import Foundation
import Glibc
import MooringTestSupport
import Processes
import Testing

/// Changes in production by hand, as a person and a watcher meet them.
@Suite(.inTurn) struct DriftTests {
  private static let config = """
    # sizes
    worker:
      pool:
        size: 32 # threads
      debug: false

    """

  private func machine(_ environment: [String] = []) async throws -> Machine {
    let machine = try Machine(["config.yaml": Self.config, "motd.txt": "hello\n"])
    try machine.configure(environment: environment)
    try await machine.mooring(["sync", "production"]).expect(0)
    return machine
  }

  /// Edits a file of the live release as `sed -i` does.
  private func edit(_ machine: Machine, _ old: String, _ new: String, in file: String = "config.yaml") throws {
    let path = machine.root + "/current/" + file
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(old))
    try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: false, encoding: .utf8)
  }

  @Test func aChangeByHandIsShownByFieldAndPutBack() async throws {
    let machine = try await machine()
    try await machine.mooring(["drift", "production"]).expect(0)
    try edit(machine, "size: 32", "size: 64")
    let shown = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(shown.output.contains("current/config.yaml"), "\(shown)")
    #expect(shown.output.contains("worker.pool.size: 32 → 64"), "\(shown)")
    let json = try await machine.mooring(["drift", "production", "--output", "json"]).expect(2)
    #expect(json.output.contains("\"field\" : \"worker.pool.size\""), "\(json)")
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    #expect(try machine.live("config.yaml") == Self.config)
    try await machine.mooring(["drift", "production"]).expect(0)
    let story = try await machine.story()
    #expect(story.contains("worker.pool.size: 32 → 64"), "\(story)")
    #expect(story.contains("put back by"), "\(story)")
  }

  @Test(arguments: [[], ["layout: inPlace"]])
  func oneFieldIsPutBackAndEverythingElseInTheFileStays(host: [String]) async throws {
    let machine = try Machine(["config.yaml": Self.config])
    try machine.configure(host: host)
    try await machine.mooring(["sync", "production"]).expect(0)
    let file = machine.root + (host.isEmpty ? "/current" : "") + "/config.yaml"
    let mine = Self.config.replacing("size: 32 # threads", with: "size: 64 # mine").replacing("false", with: "true")
    try mine.write(toFile: file, atomically: false, encoding: .utf8)
    chmod(file, 0o640)
    try await machine.mooring(["drift", "production", "--heal", "--only", "config.yaml:worker.pool.size"]).expect(0)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == mine.replacing("size: 64", with: "size: 32"))
    let shown = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(shown.output.contains("worker.debug") && !shown.output.contains("worker.pool"), "\(shown)")
    #expect(shown.output.contains("→ 640"), "attributes stay too: \(shown)")
    let again = try await machine.mooring([
      "drift", "production", "--heal", "--only", "config.yaml:worker.pool.size",
    ]).expect(1)
    #expect(again.errors.contains("can't be put back: it is live as it was deployed"), "\(again)")
    try await machine.mooring(["drift", "production", "--heal", "--only", "config.yaml"]).expect(0)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == Self.config)
    try await machine.mooring(["drift", "production"]).expect(0)
    let story = try await machine.story()
    #expect(story.contains("drift changed: "), "what is left of it is told: \(story)")
  }

  @Test func anAdoptedValueIsACommitThatChangesItsLineAlone() async throws {
    let machine = try await machine()
    try edit(machine, "size: 32", "size: 64")
    try edit(machine, "debug: false", "debug: true")
    try await machine.mooring([
      "drift", "production", "--adopt", "--only", "config.yaml:worker.pool.size", "--message", "Larger pool",
    ]).expect(0)
    try machine.pull()
    #expect(
      try machine.author.git("show", "main:app/config.yaml")
        == Self.config.replacingOccurrences(of: "32", with: "64").trimmingCharacters(in: .newlines))
    #expect(try machine.author.git("log", "-1", "--format=%s").contains("Larger pool"))
    #expect(try machine.author.git("log", "-1", "--format=%b").contains("Mooring-Adopts: current/config.yaml"))
  }

  @Test func whatIsAdoptedAsAWholeIsDeployedAndNoDriftAnyMore() async throws {
    let machine = try await machine()
    try edit(machine, "hello", "good morning", in: "motd.txt")
    try edit(machine, "size: 32", "size: 64")
    try await machine.mooring(["drift", "production", "--adopt"]).expect(0)
    try await machine.mooring(["sync", "production"]).expect(0)
    try await machine.mooring(["drift", "production"]).expect(0)
    #expect(try machine.live("motd.txt") == "good morning\n")
    try await machine.mooring(["status"]).expect(0)
  }

  @Test func aDeploymentStopsBeforeItGoesOverAChangeByHand() async throws {
    let machine = try await machine()
    try edit(machine, "size: 32", "size: 64")
    try machine.push(["motd.txt": "later\n"])
    let refused = try await machine.mooring(["sync", "production"]).expect(1)
    #expect(refused.errors.contains("production was changed by hand"), "\(refused)")
    #expect(try machine.live("config.yaml")?.contains("size: 64") == true)
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    try await machine.mooring(["sync", "production"]).expect(0)
    #expect(try machine.live("motd.txt") == "later\n")
  }

  @Test func aRollbackGoesOverAChangeByHandAndRecordsItFirst() async throws {
    let machine = try await machine()
    try machine.push(["motd.txt": "later\n"])
    try await machine.mooring(["sync", "production"]).expect(0)
    try edit(machine, "size: 32", "size: 64")
    try await machine.mooring(["rollback", "production", "--reason", "it is bad"]).expect(0)
    #expect(try machine.live("config.yaml") == Self.config)
    #expect(try await machine.story().contains("worker.pool.size: 32 → 64"))
  }

  @Test func whatIsIgnoredIsNoDriftUntilItIsJudgedAgain() async throws {
    let machine = try await machine()
    try edit(machine, "debug: false", "debug: true")
    try await machine.mooring([
      "drift", "production", "--ignore", "config.yaml:worker.debug", "--until", "2099-01-01",
    ]).expect(0)
    try await machine.mooring(["drift", "production"]).expect(0)
    try edit(machine, "size: 32", "size: 64")
    let shown = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(shown.output.contains("worker.pool.size") && !shown.output.contains("worker.debug"), "\(shown)")
    let why = try await machine.mooring(["drift", "production", "--explain", "config.yaml"]).expect(0)
    #expect(why.output.contains("its field worker.debug is ignored until 2099"), "\(why)")
    try await machine.mooring(["drift", "production", "--unignore", "config.yaml:worker.debug"]).expect(0)
    #expect(try await machine.mooring(["drift", "production"]).expect(2).output.contains("worker.debug"))
  }

  @Test func whatIsIgnoredUntilATimeIsDriftAgainByItself() async throws {
    let machine = try await machine()
    try edit(machine, "debug: false", "debug: true")
    let end = Date.now.addingTimeInterval(2).formatted(.iso8601)
    try await machine.mooring(["drift", "production", "--ignore", "config.yaml", "--until", end]).expect(0)
    // No watcher runs, and nothing but the time that passes ends it.
    try await machine.until("the end") { try await machine.mooring(["drift", "production"]).status == 2 }
    #expect(Date.now.formatted(.iso8601) >= end)
    try await machine.mooring(["run", "--once"]).expect(0)
    #expect(try await machine.story().contains("drift: current/config.yaml worker.debug: false → true"))
  }

  @Test func whatIsOnTheBranchAndNotDeployedIsShownBeforeAnAdoption() async throws {
    let machine = try await machine()
    try machine.push(["motd.txt": "later\n"], "Greet later")
    try edit(machine, "size: 32", "size: 64")
    let answer = try await machine.mooring(["drift", "production", "--adopt"]).expect(0)
    let shown = try #require(answer.errors.range(of: "on the branch, and not deployed yet:"))
    let commit = try #require(answer.errors.range(of: "Greet later"), "also what nobody has fetched yet")
    let adopted = try #require(answer.errors.range(of: "adopted into main"))
    #expect(shown.upperBound <= commit.lowerBound && commit.upperBound <= adopted.lowerBound)
  }

  @Test func aRenamedFileIsToldAsThat() async throws {
    let machine = try await machine()
    let live = machine.root + "/current/"
    try FileManager.default.moveItem(atPath: live + "motd.txt", toPath: live + "motd.old")
    let shown = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(shown.output.contains("renamed to current/motd.old"), "\(shown)")
    #expect(shown.output.contains("renamed from current/motd.txt"), "\(shown)")
    try await machine.mooring(["drift", "production", "--adopt"]).expect(0)
    try machine.pull()
    #expect(try machine.author.git("show", "--name-status", "--format=", "main").contains("R100"))
  }

  @Test func aSecretIsToldAndNotShown() async throws {
    let machine = try Machine(["db.yaml": "host: db\npassword: old-pw-1\n"])
    try await machine.mooring(["sync", "production"]).expect(0)
    try edit(machine, "old-pw-1", "new-pw-2", in: "db.yaml")
    let shown = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(shown.output.contains("password: a secret value"), "\(shown)")
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    let journal = try machine.author.git(
      "--git-dir", machine.state + "/repositories/config.git", "log", "-p", "refs/mooring/journal/production", "--",
      "event.json")
    #expect(journal.contains("drift.detected"))
    #expect(!journal.contains("new-pw-2"), "the journal holds no secret value")
  }

  @Test func theWatcherSeesAChangeAsItHappensAndHealsWhereItIsToldTo() async throws {
    let machine = try await machine(["drift: { onDetect: heal, settle: 50ms }"])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "watching")
      try await machine.until("a watch") {
        watcher.lines.all.contains { $0.contains("changes are seen") || $0.contains("CAP_SYS_ADMIN") }
      }
      try edit(machine, "size: 32", "size: 64")
      try await watcher.lines.line(containing: "worker.pool.size: 32 → 64")
      try await watcher.lines.line(containing: "put back by mooring")
    }
    #expect(try machine.live("config.yaml") == Self.config)
  }

  /// No event and no scan tells that the time has come.
  @Test func whatIsChangedAgainIsHealedAgainByItselfWhenItsTimeHasCome() async throws {
    let machine = try await machine(["drift: { onDetect: heal, settle: 50ms, scan: 1h }"])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "watching")
      try await machine.until("a watch") {
        watcher.lines.all.contains { $0.contains("changes are seen") || $0.contains("CAP_SYS_ADMIN") }
      }
      try edit(machine, "size: 32", "size: 64")
      try await watcher.lines.line(containing: "put back by mooring")
      try edit(machine, "size: 32", "size: 65")
      try await watcher.lines.line(containing: "worker.pool.size: 32 → 65")
      #expect(try machine.live("config.yaml") != Self.config)
      try await machine.until("the next heal", within: .seconds(60)) { try machine.live("config.yaml") == Self.config }
    }
  }

  @Test func whatChangedWhileNobodyWatchedIsSaidToHaveBeenUnattended() async throws {
    let machine = try await machine()
    try await machine.mooring(["run", "--once"]).expect(0)
    let looks = machine.state + "/looks/production"
    try "2026-01-01T00:00:00.000Z\n".write(toFile: looks, atomically: true, encoding: .utf8)
    try edit(machine, "size: 32", "size: 64")
    try await machine.mooring(["run", "--once"]).expect(0)
    let story = try await machine.story()
    #expect(story.contains("between 2026-01-01T00:00:00.000Z and"), "\(story)")
    #expect(story.contains("unattended"), "\(story)")
    try await machine.mooring(["run", "--once"]).expect(0)
    #expect(try await machine.story().components(separatedBy: "drift: ").count == 2, "it is told once")
  }
}
