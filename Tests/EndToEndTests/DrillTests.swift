import Foundation
import Glibc
import MooringTestSupport
import Testing

/// Going back is rehearsed on the real target, and production is byte for byte what it was.
@Suite(.inTurn, .timeLimit(.minutes(30))) struct DrillTests {
  enum Layout: String, CaseIterable { case `switch`, inPlace }

  /// Production runs v2, after v1.
  private func machine(_ layout: Layout, host: [String] = [], environment: [String] = ["drills: true"]) async throws
    -> Machine
  {
    let machine = try Machine(["app.conf": "one\n", "old/a": "1\n", "both": "same\n"])
    try machine.configure(host: ["layout: \(layout.rawValue)"] + host, environment: environment)
    if layout == .inPlace { try machine.folder.write("theirs", to: "root/theirs") }
    try await machine.mooring("run", "--once").expect(0)
    try machine.push(["app.conf": "two\n", "old/a": nil, "new/b": "2\n"], "Two")
    try await machine.mooring("run", "--once").expect(0)
    return machine
  }

  /// Every file, folder and link below the root: what it is, its mode, and what it holds.
  private func snapshot(_ machine: Machine) throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: machine.root).sorted()
    return try names.map { name in
      let path = machine.root + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0 else { throw CocoaError(.fileNoSuchFile) }
      let mode = String(status.st_mode, radix: 8)
      switch status.st_mode & S_IFMT {
      case S_IFLNK: return "\(name) \(mode) -> \(try FileManager.default.destinationOfSymbolicLink(atPath: path))"
      case S_IFREG: return "\(name) \(mode) \(try Data(contentsOf: URL(filePath: path)).base64EncodedString())"
      default: return "\(name) \(mode)"
      }
    }
  }

  private func branch(_ machine: Machine) throws -> String {
    try machine.author.git("ls-remote", machine.remote.path, "refs/heads/*")
  }

  @Test(arguments: Layout.allCases)
  func `Goes back and returns, and says how long it took`(_ layout: Layout) async throws {
    let machine = try await machine(
      layout, environment: ["drills: true", "gates: [ { command: { run: [/usr/bin/test, -e, \"{root}/both\"] } } ]"])
    let (before, head) = (try snapshot(machine), try branch(machine))
    let never = try await machine.mooring("readiness", "production")
    #expect(never.output.contains("never rehearsed"), "\(never)")
    let drilled = try await machine.mooring("drill", "production", "--output", "json").expect(0)
    let report = try drilled.json()
    #expect(report["outcome"] as? String == "verified" && report["returned"] as? Bool == true, "\(drilled)")
    #expect(report["from"] as? String == "v2" && report["to"] as? String == "v1")
    let legs = try #require(report["legs"] as? [[String: Any]])
    #expect(legs.map { $0["release"] as? String } == ["v1", "v2"])
    #expect(legs.allSatisfy { ($0["gates"] as? [[String: Any]])?.last?["gate"] as? String == "contents" }, "\(legs)")
    #expect(try snapshot(machine) == before)
    #expect(try branch(machine) == head, "nothing of a drill is pushed to the branch")
    let story = try await machine.story()
    #expect(
      story.contains("deploying v1, as a drill") && story.contains("deploying v2 again, after a drill"), "\(story)")
    #expect(story.contains("drilled: back and verified in"), "\(story)")
    let status = try await machine.status()
    #expect(status["health"] as? String == "healthy" && status["sync"] as? String == "synced", "\(status)")
    let ready = try await machine.mooring("readiness", "production", "--output", "json").expect(0)
    #expect((try ready.json()["rehearsal"] as? [String: Any])?["environment"] as? String == "production", "\(ready)")
    let last = try await machine.mooring("drill", "production", "--report").expect(0)
    #expect(last.output.contains("production: drill from v2 to v1 and back: v1 was verified"), "\(last)")
    // One goes back to where one would have gone before the drill.
    try await machine.mooring("rollback", "production", "--reason", "bad", "--yes").expect(0)
    #expect(try await machine.mooring("audit", "production").output.contains("drill"))
    #expect(try machine.fsck() == "")
  }

  @Test func `Isn't made where it isn't allowed, and not over what somebody changed by hand`() async throws {
    let machine = try await machine(.switch, environment: [])
    let refused = try await machine.mooring("drill", "production").expect(1)
    #expect(refused.errors.contains("drills: true"), "\(refused)")
    try machine.configure(environment: ["drills: true", "drift: { ignore: [current/new/] }"])
    try machine.folder.write("by hand\n", to: "root/current/app.conf")
    let changed = try await machine.mooring("drill", "production").expect(1)
    #expect(changed.errors.contains("current/app.conf"), "\(changed)")
    try await machine.mooring("drift", "production", "--heal").expect(0)
    try machine.folder.write("nobody looks\n", to: "root/current/new/b")
    let ignored = try await machine.mooring("drill", "production").expect(1)
    #expect(ignored.errors.contains("current/new/b"), "\(ignored)")
    #expect(try machine.live("new/b") == "nobody looks\n")
    #expect(!(try await machine.story()).contains("drill from"))
  }

  @Test func `To a release that fails returns, and isn't rolled back for`() async throws {
    let machine = try await machine(.switch)
    let gate = "{ run: [/usr/bin/grep, -q, two, \"{root}/app.conf\"], within: 300ms, interval: 50ms }"
    try machine.configure(environment: ["drills: true", "gates: [ { command: \(gate) } ]"])
    let before = try snapshot(machine)
    let drilled = try await machine.mooring("drill", "production").expect(2)
    #expect(
      drilled.output.contains("failed: gate") && drilled.output.contains("production runs v2 again"), "\(drilled)")
    #expect(try snapshot(machine) == before)
    #expect(!(try await machine.story()).contains("rollback"))
    let ready = try await machine.mooring("readiness", "production")
    #expect(ready.output.contains("the last drill in production") && ready.output.contains("failed"), "\(ready)")
  }

  /// Where a drill is killed: after the line that says so, give or take.
  private static let places = [
    "drill from v2", "deploying v1, as a drill", "gate contents held", "verified",
    "deploying v2 again", "drilled: back",
  ]

  @Test(arguments: Layout.allCases, [1, 2])
  func `Is killed at any step, and production returns at the next start`(_ layout: Layout, _ seed: UInt64) async throws
  {
    let machine = try await machine(
      layout, host: ["reload: [/bin/sleep, \"0.05\"]"],
      environment: ["drills: true", "gates: [ { command: { run: [/bin/sleep, \"0.05\"] } } ]"])
    var random = Seeded(seed)
    let (before, head) = (try snapshot(machine), try branch(machine))
    for place in Self.places {
      try await machine.running(["drill", "production"]) { running in
        try await running.lines.line(containing: place)
        usleep(UInt32.random(in: 0..<90_000, using: &random))
        kill(running.process, SIGKILL)
      }
      try await machine.mooring("run", "--once").expect(0)
      let differing = Set(try snapshot(machine)).symmetricDifference(before).sorted()
      #expect(differing == [], "\(layout) seed \(seed), killed after \(place)")
      let status = try await machine.status()
      #expect(status["health"] as? String == "healthy" && status["sync"] as? String == "synced", "\(status)")
      #expect(status["activity"] == nil, "\(status)")
    }
    #expect(try branch(machine) == head)
    #expect(try machine.fsck() == "")
    try await machine.mooring("drill", "production").expect(0)
    try await machine.mooring("audit", "verify").expect(0)
  }

  @Test func `The watcher drills what it has deployed, where it is asked to`() async throws {
    let machine = try await machine(.switch, environment: ["drills: { afterRelease: true }"])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "drilled: back and verified")
      try machine.push(["app.conf": "three\n"], "Three")
      try await watcher.lines.line(containing: "drill from v3 to v2")
      try await watcher.lines.line(
        containing: "drilled: back and verified", after: watcher.lines.all.count)
    }
    let story = try await machine.story()
    #expect(story.contains("drill from v2 to v1 and back, by mooring"), "\(story)")
    #expect(try machine.live("app.conf") == "three\n")
  }

  @Test func `Production waits for a drill of what comes before it in line`() async throws {
    let machine = try Machine()
    let staging = machine.environment("staging", path: "staging", ["drills: true"])
    try machine.configure(environment: ["requireDrill: staging"], others: staging)
    func push(_ text: String) throws {
      try machine.author.commit(text, files: ["app/app.conf": text, "staging/app.conf": text])
      try machine.publish()
    }
    try push("one")
    let waiting = try await machine.mooring("run", "--once")
    #expect("\(waiting)".contains("waits for a drill in staging: none has succeeded yet"), "\(waiting)")
    #expect(try machine.live("app.conf") == nil)
    let sync = try await machine.mooring("sync", "production").expect(1)
    #expect(sync.errors.contains("--without-drill"), "\(sync)")
    try await machine.mooring("sync", "production", "--without-drill").expect(0)
    #expect(try machine.live("app.conf") == "one")
    try push("two")
    try await machine.mooring("run", "--once").expect(1)
    #expect(try machine.live("app.conf") == "one")
    try await machine.mooring("drill", "staging").expect(0)
    try await machine.mooring("run", "--once").expect(0)
    #expect(try machine.live("app.conf") == "two")
    // What staging has nothing of needs no new drill.
    try machine.push(["app.conf": "two and a half"])
    try await machine.mooring("run", "--once").expect(0)
    #expect(try machine.live("app.conf") == "two and a half")
    // A rollback needs none at all.
    try push("three")
    try await machine.mooring("run", "--once").expect(1)
    try await machine.mooring("rollback", "production", "--reason", "bad", "--yes").expect(0)
    #expect(try machine.live("app.conf") == "two")
  }

  @Test(arguments: [
    ("requireDrill: stagin", "no environment has this name; did you mean \"staging\"?"),
    ("requireDrill: production", "names itself"), ("requireDrill: staging", "staging allows no drills"),
    ("drills: { every: 1s }", "at least 10s"), ("drills: { between: 1-2, every: 1h }", "two times of the day"),
    ("drills: {}", "`every` or `afterRelease`"), ("drills: sometimes", "drills"),
  ])
  func `What is wrong with its configuration is said`(_ line: String, _ wanted: String) async throws {
    let machine = try Machine(["a": "1"])
    try machine.configure(environment: [line], others: machine.environment("staging", path: "staging"))
    let answer = try await machine.mooring("status").expect(1)
    #expect(answer.errors.contains(wanted), "\(answer)")
  }
}

/// Small, seeded, and the same on every machine.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
