import Documents
import Testing

@Suite struct LimitTests {
  @Test("a billion laughs are refused at once")
  func aliasBomb() throws {
    var text = "a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol,lol]\n"
    for level in 1...12 {
      text += "a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ","))]\n"
    }
    #expect(try refusal(text).kind == .limit("aliasExpansion"))
  }

  @Test("a bomb of merge keys is refused at once")
  func mergeBomb() throws {
    var text = "a0: &a0 {x: 1, y: 2}\n"
    for level in 1...20 { text += "a\(level): &a\(level) {<<: [*a\(level - 1), *a\(level - 1)], k\(level): 1}\n" }
    #expect(try refusal(text).kind == .limit("aliasExpansion"))
  }

  @Test("aliases within the limit are read, and the limit can be moved")
  func aliasesWithinLimit() throws {
    let text = "a: &a [1, 2, 3]\nb: [*a, *a]\n"
    #expect(try document(text).rendered == "{a: [1, 2, 3], b: [[1, 2, 3], [1, 2, 3]]}")
    #expect(try refusal(text, limits: Limits(aliasExpansion: 3)).kind == .limit("aliasExpansion"))
    #expect(try document(text, limits: Limits(aliasExpansion: 6)).root["b"]?.elements.count == 2)
  }

  @Test("depth is held also through chains of aliases")
  func depthThroughAliases() throws {
    var text = "a0: &a0 [1]\n"
    for level in 1...200 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(try refusal(text).kind == .limit("depth"))
  }

  @Test("ten thousand brackets are an error of depth, not a crash", arguments: [DocumentFormat.yaml, .json, .toml])
  func deep(format: DocumentFormat) throws {
    let brackets = String(repeating: "[", count: 10_000)
    #expect(try refusal(format == .toml ? "a = \(brackets)" : brackets, format).kind == .limit("depth"))
    let wide = Limits(depth: 1_000_000)
    #expect(try refusal(format == .toml ? "a = \(brackets)" : brackets, format, limits: wide).kind == .limit("depth"))
  }

  @Test("deep mappings, dotted keys and headers are errors of depth")
  func deepMappings() throws {
    #expect(try refusal(String(repeating: "{\"a\":", count: 500), .json).kind == .limit("depth"))
    #expect(try refusal((0..<500).map { String(repeating: " ", count: $0) + "a:\n" }.joined()).kind == .limit("depth"))
    let dots = Array(repeating: "a", count: 5000).joined(separator: ".")
    #expect(try refusal("\(dots) = 1", .toml).kind == .limit("depth"))
    #expect(try refusal("[\(dots)]", .toml).kind == .limit("depth"))
    let tables = (1...150).map { "[[\(Array(repeating: "a", count: $0).joined(separator: "."))]]\n" }.joined()
    #expect(try refusal(tables, .toml).kind == .limit("depth"))
  }

  @Test("bytes, nodes and documents have limits with their names")
  func counts() throws {
    #expect(try refusal("a: 1", limits: Limits(bytes: 3)).kind == .limit("bytes"))
    #expect(try refusal("[1, 2, 3]", limits: Limits(nodes: 3)).kind == .limit("nodes"))
    #expect(try refusal("--- 1\n--- 2\n--- 3\n", limits: Limits(documents: 2)).kind == .limit("documents"))
    #expect(try Document.parse(Array("--- 1\n--- 2\n".utf8), as: .yaml, limits: Limits(documents: 2)).count == 2)
  }

  @Test("a key of a mebibyte is read")
  func longKeys() throws {
    let key = String(repeating: "k", count: 1 << 20)
    #expect(try document("{\"\(key)\": 1}", .json).root[key]?.text == "1")
    #expect(try document("? \(key)\n: 1\n").root[key]?.text == "1")
    #expect(try refusal("\(key): 1\n").kind == .syntax)
  }

  @Test("directives beyond all reason are refused before libyaml compares them pair by pair")
  func directives() throws {
    func directives(_ count: Int) -> String { (0..<count).map { "%TAG !a\($0)! x\n" }.joined() + "--- a\n" }
    #expect(try refusal(directives(1_001)).kind == .limit("directives"))
    #expect(try document(directives(100)).root.text == "a")
  }

  @Test(
    "time grows with size, not with its square",
    arguments: [
      (DocumentFormat.yaml, "- {é: 1}\n", "", ""), (.json, "\\n", "\"", "\""), (.toml, "\\n", "a = \"\"\"", "\"\"\""),
      (.properties, "\\t", "a=", ""), (.yaml, "{a: 1},", "[", "]"), (.env, "\\n", "A=\"", "\""),
    ])
  func linearTime(format: DocumentFormat, part: String, head: String, tail: String) throws {
    func time(_ count: Int) throws -> Duration {
      let bytes = Array((head + String(repeating: part, count: count) + tail).utf8)
      return try (0..<3).map { _ in
        try ContinuousClock().measure { _ = try Document.parse(bytes, as: format) }
      }.min() ?? .zero
    }
    // 64 times as much; a square would take 4,096 times as long, and a busy machine is allowed much.
    let (small, large) = (try time(1_000), try time(64_000))
    #expect(large < small * 800)
  }
}
