import MooringTestSupport
import Testing

/// Every way that the command line has to say what is to be undone, with the real program.
@Suite(.inTurn) struct UndoTests {
  private func object(_ kind: String, _ replicas: Int) -> String {
    "kind: \(kind)\nmetadata: { name: web }\nspec: { replicas: \(replicas) } # of the \(kind)\n"
  }

  private func undo(_ machine: Machine, _ more: String...) async throws -> Machine.Answer {
    try await machine.mooring(["rollback", "production", "--reason", "it is slow", "--yes"] + more).expect(0)
  }

  private func deploy(_ machine: Machine, _ files: [String: String?], _ message: String) async throws -> String {
    try machine.pull()
    try machine.push(files, message)
    try await machine.mooring("sync", "production").expect(0)
    return try machine.author.git("rev-parse", "HEAD")
  }

  @Test func aRangeThenItsRevertThenOneObjectThenSeveralCommits() async throws {
    let machine = try Machine(["all.yaml": object("D", 1) + "---\n" + object("S", 1), "b": "1\n"])
    try await machine.mooring("sync", "production").expect(0)
    let first = try machine.author.git("rev-parse", "HEAD")
    let second = try await deploy(machine, ["all.yaml": object("D", 2) + "---\n" + object("S", 2)], "Two")
    let third = try await deploy(machine, ["b": "2\n"], "Three")
    _ = try await deploy(machine, ["c": "1\n"], "Four")

    let range = try await undo(machine, "--commit", "\(first)..\(third.prefix(8))", "--output", "json").json()
    #expect(range["undone"] as? [String] == [third, second] && range["ranBefore"] as? Bool == false, "\(range)")
    #expect(try machine.live("b") == "1\n" && machine.live("c") == "1\n")
    #expect(try machine.live("all.yaml") == object("D", 1) + "---\n" + object("S", 1))

    try machine.pull()
    let revert = try machine.author.git("rev-parse", "HEAD")
    let again = try await undo(machine, "--commit", revert)
    #expect(again.output.contains("never ran before") || again.output.contains("back on"), "\(again)")
    #expect(try machine.live("b") == "2\n" && machine.live("all.yaml") == object("D", 2) + "---\n" + object("S", 2))

    _ = try await undo(machine, "--commit", second, "--resource", "S/web")
    #expect(try machine.live("all.yaml") == object("D", 2) + "---\n" + object("S", 1), "one object alone")
    _ = try await undo(machine, "--commit", second, "--resource", "D/web", "--field", "spec.replicas")
    #expect(try machine.live("all.yaml") == object("D", 1) + "---\n" + object("S", 1), "one field of one object")
    let fifth = try await deploy(machine, ["b": "5\n", "c": "5\n"], "Five")
    let sixth = try await deploy(machine, ["c": "6\n"], "Six")
    _ = try await undo(machine, "--commit", fifth, "--commit", sixth)
    #expect(try machine.live("b") == "2\n" && machine.live("c") == "1\n", "both, the newest first")
    #expect(try machine.fsck() == "")
  }

  @Test(arguments: [[], ["--mainline", "1"], ["--mainline", "2"]])
  func aMergeAgainstTheParentThatIsChosen(_ mainline: [String]) async throws {
    let machine = try Machine(["a": "1\n"])
    try machine.author.branch("feature")
    try machine.author.commit("Feature", files: ["app/feature": "1\n"])
    try machine.author.checkout("main")
    try machine.author.commit("Meanwhile", files: ["app/a": "2\n"])
    try machine.author.merge("feature")
    let merge = try machine.author.git("rev-parse", "HEAD")
    try machine.publish()
    try await machine.mooring("sync", "production").expect(0)
    let answer = try await machine.mooring(
      ["rollback", "production", "--commit", merge, "--reason", "r", "--yes"] + mainline
    ).expect(0)
    let keepsFeature = mainline.last == "2"
    #expect(try machine.live("a") == (keepsFeature ? "1\n" : "2\n"), "\(answer)")
    #expect(try machine.live("feature") == (keepsFeature ? "1\n" : nil), "\(answer)")
  }

  @Test func inputsOfOthersAreTouchedOnlyWhenThatIsAskedFor() async throws {
    let machine = try Machine(["a": "1\n"])
    try machine.configure(others: machine.environment("staging", path: "app"))
    try await machine.mooring("sync", "production").expect(0)
    _ = try await deploy(machine, ["a": "2\n"], "Two")
    let refused = try await machine.mooring("rollback", "production", "--reason", "r", "--yes").expect(1)
    #expect(refused.errors.contains("changes inputs of staging too") && refused.errors.contains("--include-shared"))
    #expect(try machine.live("a") == "2\n")
    let shown = try await machine.mooring("rollback", "production", "--reason", "r", "--dry-run").expect(1)
    #expect(shown.output.contains("staging has some of these inputs too, and would get:\n~ a"), "\(shown)")
    #expect(shown.errors.contains("--include-shared"), "\(shown)")
    let json = try await machine.mooring(
      "rollback", "production", "--reason", "r", "--dry-run", "--include-shared", "--output", "json"
    ).expect(0).json()
    let shared = try #require((json["shared"] as? [[String: Any]])?.first)
    #expect(shared["environment"] as? String == "staging" && (shared["changes"] as? [Any])?.count == 1, "\(json)")
    #expect(try machine.live("a") == "2\n")
    _ = try await undo(machine, "--include-shared")
    #expect(try machine.live("a") == "1\n")
  }
}
