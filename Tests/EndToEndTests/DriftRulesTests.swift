import Foundation
import MooringTestSupport
import Testing

/// What the operator and the release say about drift: what is ignored, what is healed, what goes over it.
@Suite(.inTurn) struct DriftRulesTests {
  private func machine(
    _ files: [String: String?], _ environment: [String] = []
  ) async throws -> Machine {
    let machine = try Machine(files)
    try machine.configure(environment: environment)
    #expect(try await machine.mooring("sync", "production").status == 0)
    return machine
  }

  private func write(_ machine: Machine, _ path: String, _ text: String) throws {
    try text.write(toFile: machine.root + "/current/" + path, atomically: false, encoding: .utf8)
  }

  @Test func patternsOfTheConfigurationAndOfTheReleaseKeepLogsAndFieldsQuiet() async throws {
    let machine = try await machine(
      [".mooringignore": "# logs\n*.log\n", "app.yaml": "size: 1\nreplicas: 1\n", "d/x": "x\n"],
      ["drift: { ignore: [\"/d/cache/**\", \"app.yaml:replicas\"] }"])
    try write(machine, "d/app.log", "a line\n")
    try machine.folder.write("x", to: "root/current/d/cache/x")
    try write(machine, "app.yaml", "size: 1\nreplicas: 5\n")
    let quiet = try await machine.mooring("drift", "production")
    #expect(quiet.status == 0, "\(quiet)")
    try write(machine, "app.yaml", "size: 2\nreplicas: 5\n")
    let other = try await machine.mooring("drift", "production")
    #expect(other.status == 2 && other.output.contains("size: 1 → 2"), "\(other)")
    #expect(!other.output.contains("replicas"), "\(other)")
    let why = try await machine.mooring("drift", "production", "--explain", "d/app.log")
    #expect(why.output.contains("ignored by the rule `*.log`"), "\(why)")
  }

  @Test func theLastPathThatMatchesSaysWhatIsHealed() async throws {
    let machine = try await machine(
      ["app.yaml": "a: 1\n", "keep.yaml": "a: 1\n"],
      ["drift: { onDetect: heal, paths: [ { path: \"keep.*\", onDetect: alert } ] }"])
    try write(machine, "app.yaml", "a: 2\n")
    try write(machine, "keep.yaml", "a: 2\n")
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try machine.live("keep.yaml") == "a: 2\n")
    let story = try await machine.story()
    #expect(story.contains("drift: 2 objects") && story.contains("current/app.yaml put back"), "\(story)")
  }

  @Test func overwriteGoesOverWhatWasChangedAndRecordsItFirst() async throws {
    let machine = try await machine(["app.yaml": "a: 1\n", "b": "b\n"], ["sync: { onDrift: overwrite }"])
    try write(machine, "app.yaml", "a: 2\n")
    try machine.push(["b": "c\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try machine.live("app.yaml") == "a: 1\n")
    let story = try await machine.story()
    let told = try #require(story.range(of: "drift: current/app.yaml a: 1 → 2"), "\(story)")
    let begun = try #require(story.range(of: "deploying v2"), "\(story)")
    #expect(told.upperBound <= begun.lowerBound && story.contains("gone with a deployment"), "\(story)")
  }
}
