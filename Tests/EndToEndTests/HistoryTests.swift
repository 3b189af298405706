import Foundation
import MooringTestSupport
import Processes
import Testing

/// `mooring history` and `mooring blame`, as a person and a script meet them.
@Suite(.inTurn) struct HistoryCommandTests {
  private func edit(_ machine: Machine, _ old: String, _ new: String) throws {
    let path = machine.root + "/current/config.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: false, encoding: .utf8)
  }

  @Test func commitsAndHandsStandOnOneLineOfTime() async throws {
    let machine = try Machine(["config.yaml": "pool:\n  size: 32\n  debug: false\n"])
    try await machine.mooring(["sync", "production"]).expect(0)
    try edit(machine, "size: 32", "size: 64")
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    try machine.push(
      ["config.yaml": "pool:\n  size: 48\n  debug: false\n"],
      "A pool of 48 (#7)\n\nCo-authored-by: Cy Clark <cy@example.com>")
    try await machine.mooring(["sync", "production"]).expect(0)

    let told = try await machine.mooring(["history", "production", "config.yaml", "pool.size"]).expect(0)
    let places = ["+ pool.size: 32", "pool.size: 32 → 64", "put back by", "pool.size: 32 → 48", "until now with v2"]
      .map { told.output.range(of: $0)?.lowerBound }
    #expect(!places.contains(nil), "\(told)")
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted(), "\(told)")
    #expect(!told.output.contains("debug"))
    #expect(told.output.contains("with Cy Clark <cy@example.com>"), "\(told)")

    let json = try await machine.mooring(["history", "production", "app/config.yaml", "--output", "json"]).expect(0)
      .json()
    let entries = try #require(json["entries"] as? [[String: Any]])
    #expect(entries.map { $0["kind"] as? String } == ["commit", "hand", "commit"])
    let commit = try #require(entries.last?["commit"] as? [String: Any])
    #expect(commit["pullRequest"] as? String == "#7")

    let blame = try await machine.mooring(["blame", "production", "config.yaml"]).expect(0)
    #expect(blame.output.contains("pool.size: 48") && blame.output.contains("A pool of 48"), "\(blame)")
    let earlier = try await machine.mooring(["blame", "production", "config.yaml", "--at", "v1"]).expect(0)
    #expect(earlier.output.contains("pool.size: 32"), "\(earlier)")
  }

  @Test func namesThatNobodyKnowsAndMomentsThatNeverWereEndWithOneLine() async throws {
    let machine = try Machine(["config.yaml": "pool: { size: 32 }\n"])
    let never = try await machine.mooring(["blame", "production", "config.yaml"]).expect(1)
    #expect(never.errors.contains("has deployed nothing yet"), "\(never)")
    try await machine.mooring(["sync", "production"]).expect(0)
    let subject = try await machine.mooring(["history", "production", "confik.yaml"]).expect(1)
    #expect(subject.errors.contains("did you mean config.yaml?"), "\(subject)")
    let field = try await machine.mooring(["history", "production", "config.yaml", "pool.sise"]).expect(1)
    #expect(field.errors.contains("did you mean pool.size?"), "\(field)")
    try await machine.mooring(["history", "production", "config.yaml", "pool..size"]).expect(64)
    let moment = try await machine.mooring(["blame", "production", "config.yaml", "--at", "2001-01-01T00:00:00Z"])
      .expect(1)
    #expect(moment.errors.contains("had deployed nothing"), "\(moment)")
  }

  @Test func anIndexThatWasDeletedOrRebuiltTellsTheSame() async throws {
    let machine = try Machine(["config.yaml": "a: 1\n"])
    try machine.push(["config.yaml": "a: 2\n"])
    try await machine.mooring(["sync", "production"]).expect(0)
    let before = try await machine.mooring(["history", "production", "config.yaml"]).expect(0)
    let rebuilt = try await machine.mooring(["index", "rebuild"]).expect(0)
    #expect(rebuilt.output.contains("read 2 commits: 2 of them changed inputs"), "\(rebuilt)")
    #expect(try await machine.mooring(["history", "production", "config.yaml"]).output == before.output)
    for name in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: machine.state + "/history.sqlite" + name)
    }
    #expect(try await machine.mooring(["history", "production", "config.yaml"]).output == before.output)
  }

  @Test(.enabled(if: HistoryOracle.isThere, "needs python3 with PyYAML"))
  func everyFieldOfAGeneratedHistoryIsAsAnOracleSays() async throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Soak/history/check.py").path
    let outcome = try await run(
      Program(
        ["/usr/bin/python3", "-B", script, "--mooring", Machine.program, "--seeds", "2", "--commits", "30"],
        directory: "/tmp", environment: Program.scrubbed(adding: [:]), timeLimit: .seconds(180), outputLimit: 1 << 20))
    #expect(outcome.termination == .exited(0), "\(outcome.output)")
  }
}

private enum HistoryOracle {
  static let isThere: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-c", "import yaml"]
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}
