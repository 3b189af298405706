import MooringTestSupport
import Testing

/// Files of a release that can't be read as what their names say: plain rendering copies them, and comparing says so.
@Suite(.inTurn) struct BadYAMLTests {
  private static let bomb =
    "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + (1...12).map { level in
      "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
    }.joined()

  @Test(arguments: [
    ("invalid YAML", "a: [1, 2\nb: }\n", "line"), ("an alias bomb", bomb, "alias"),
    ("nesting", String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000), "levels"),
  ])
  func planAndDiffSurviveAndSaySo(_ what: String, _ text: String, _ words: String) async throws {
    let machine = try Machine(["app.yaml": "a: 1\n", "other.yaml": "b: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try await machine.mooring("hold", "production", "--reason", "to plan").status == 0)
    try machine.push(["app.yaml": text, "other.yaml": "b: 2\n"])
    _ = try await machine.mooring("run", "--once")
    let start = ContinuousClock.now
    let plan = try await machine.mooring("plan", "production")
    #expect(plan.status == 2, "\(plan)")
    #expect(plan.output.contains("~ app.yaml"), "\(plan)")
    #expect(plan.output.contains("b: 1 → 2"), "one bad file doesn't hide another: \(plan)")
    #expect(plan.output.contains("compared by line:") && plan.output.contains(words), "\(plan)")
    let diff = try await machine.mooring("diff", "production", "v1", "v2", "--output", "json")
    #expect(diff.status == 2)
    let changes = try #require(diff.json()["changes"] as? [[String: Any]])
    let app = try #require(changes.first { $0["file"] as? String == "app.yaml" })
    #expect((app["problem"] as? String)?.contains(words) == true, "\(diff)")
    #expect(app["lines"] != nil)
    #expect(ContinuousClock.now - start < .seconds(20), "the bomb doesn't go off")

    #expect(try await machine.mooring("sync", "production", "--despite-hold").status == 0)
    #expect(try machine.live("app.yaml") == text, "plain rendering copies what it doesn't understand")
  }
}
