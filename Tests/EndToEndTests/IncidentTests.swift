import Foundation
import MooringTestSupport
import Testing

/// Reports of rollbacks, as files and as answers.
@Suite(.inTurn) struct IncidentTests {
  private func rolledBack() async throws -> Machine {
    let machine = try Machine(["app.yaml": "pool: 32\ndb:\n  password: hunter1\n"])
    try await machine.mooring("sync", "production").expect(0)
    try machine.push(
      ["app.yaml": "pool: 64\ndb:\n  password: hunter2\n"], "Larger <script>alert(1)</script> pool | **bold**")
    try await machine.mooring("sync", "production").expect(0)
    try await machine.mooring("rollback", "production", "--reason", "checkout answers 500", "--yes").expect(0)
    return machine
  }

  @Test func aRollbackWritesItsReportAndNotesMakeItGrow() async throws {
    let machine = try await rolledBack()
    let answer = try await machine.mooring("incident", "production").expect(0)
    #expect(answer.output.contains("production rolled back from v2 to v1"), "\(answer)")
    #expect(answer.output.contains("| `app.yaml pool` | `32` | `64` |"))
    #expect(answer.output.contains("checkout answers 500") && answer.output.contains("## Timeline"))
    #expect(!answer.output.contains("hunter") && !answer.output.contains("<script>"))
    let id =
      try #require(
        try await machine.mooring("incident", "production", "--output", "json").json()["incident"] as? [String: Any])[
        "id"] as? String
    let name = try #require(id)
    let file = "state/incidents/production/\(name).md"
    #expect(try machine.folder.read(file) == answer.output + "\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: machine.folder[file])
    #expect(attributes[.posixPermissions] as? Int == 0o600)

    try await machine.mooring("note", "production", "the pool was too large", "--incident", String(name.suffix(6)))
      .expect(0)
    #expect(try machine.folder.read(file).contains("> the pool was too large"))
    try await machine.mooring("note", "production", "x", "--incident", "nothing").expect(1)
    try await machine.mooring("incident", "production", "nothing").expect(1)
  }

  @Test func theReportIsMadeAgainFromTheJournalAlone() async throws {
    let machine = try await rolledBack()
    let before = try await machine.mooring("incident", "production").output
    try FileManager.default.removeItem(atPath: machine.folder["state/incidents"])
    for file in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
      try? FileManager.default.removeItem(atPath: machine.state + "/" + file)
    }
    try FileManager.default.moveItem(atPath: machine.remote.path, toPath: machine.remote.path + ".gone")
    #expect(try await machine.mooring("incident", "production").output == before)
    try FileManager.default.moveItem(atPath: machine.remote.path + ".gone", toPath: machine.remote.path)
  }

  @Test func anAutomaticRollbackHasOneToo() async throws {
    let machine = try Machine(["app.yaml": "ok: true\n"])
    try machine.configure(environment: [
      "gates: [ { command: { run: [/bin/grep, -q, 'ok: true', \"{root}/app.yaml\"], within: 100ms } } ]"
    ])
    try await machine.mooring("sync", "production").expect(0)
    try machine.push(["app.yaml": "ok: false\n"], "Break it")
    try await machine.mooring("sync", "production").expect(1)
    let json = try await machine.mooring("incident", "production", "--output", "json").expect(0).json()
    let incident = try #require(json["incident"] as? [String: Any])
    #expect(incident["automatic"] as? Bool == true && incident["outcome"] as? String == "verified")
    #expect(json["timeToDetect"] is Int && json["timeToRestore"] is Int)
    #expect((incident["followUps"] as? [String])?.contains { $0.contains("quarantine") } == true, "\(incident)")
    #expect((incident["gates"] as? [Any])?.count == 2)
  }
}
