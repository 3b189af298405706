import Documents
import FoundationEssentials
import Testing

@testable import DocumentsTestSupport

@Suite struct FileDifferenceTests {
  private func compare(_ old: String?, _ new: String?, _ path: String) -> FileDifference {
    differences(from: old.map { Array($0.utf8) }, to: new.map { Array($0.utf8) }, path: path)
  }

  @Test("a structured file is compared by field, in its own format")
  func structured() {
    #expect(compare("a = 1\n", "a = 2\n", "x.toml").fields.map(\.description) == ["a: 1 → 2"])
    #expect(compare("A=1\n", "A=2\n", ".env").fields.map(\.description) == ["A: \"1\" → \"2\""])
    #expect(compare("{\"a\":1}", "{\"a\": 1}", "x.json").isFormOnly)
    #expect(compare("a: 1", "a: 1", "x.yaml").kind == .unchanged)
  }

  @Test("Kubernetes objects of a stream are matched by kind and name, wherever they stand")
  func streams() {
    func object(_ kind: String, _ name: String, _ value: Int) -> String {
      "kind: \(kind)\nmetadata: {name: \(name), namespace: shop}\nv: \(value)\n---\n"
    }
    let old = object("A", "x", 1) + object("B", "x", 1) + object("C", "x", 1)
    let new = object("D", "x", 1) + object("C", "x", 1) + object("A", "x", 2)
    guard case .fields(let documents) = compare(trimmed(old), trimmed(new), "x.yaml").content else {
      Issue.record("not compared by field")
      return
    }
    #expect(documents.map(\.name) == ["A/shop/x", "B/shop/x", "D/shop/x"])
    #expect(documents.map(\.kind) == [.changed, .removed, .added])
    #expect(documents.map(\.position) == [2, 1, 0])
    #expect(documents[0].fields.map(\.description) == ["v: 1 → 2"])
  }

  private func trimmed(_ stream: String) -> String { String(stream.dropLast(4)) }

  @Test("empty documents, as renderers leave them, don't hide which object is which")
  func emptyDocuments() {
    let old = "kind: A\nmetadata: {name: a}\n---\nkind: B\nmetadata: {name: b}\nv: 1\n"
    let new = "# Source: b\n---\n---\nkind: B\nmetadata: {name: b}\nv: 2\n---\nkind: A\nmetadata: {name: a}\n---\n"
    #expect(compare(old, new, "x.yaml").fields.map(\.description) == ["v: 1 → 2"])
  }

  @Test("other streams are matched by place")
  func places() {
    let difference = compare("a: 1\n---\nb: 1\n", "a: 1\n---\nb: 2\n---\nc: 1\n", "x.yaml")
    #expect(difference.fields.map(\.description) == ["b: 1 → 2", "+ c: 1"])
  }

  @Test("a file that doesn't parse is compared by line, and says why")
  func broken() throws {
    let difference = compare("a: 1\n", "a: [1\n", "x.yaml")
    guard case .lines(let hunks) = difference.content else {
      Issue.record("not compared by line")
      return
    }
    #expect(hunks.map(\.description) == ["@@ -1,1 +1,1 @@\n-a: 1\n+a: [1"])
    #expect(try #require(difference.parseError).line == 2)
  }

  @Test("text is compared by line with its surroundings")
  func text() {
    let old = (1...20).map { "line \($0)\n" }.joined()
    let new = old.replacing("line 5\n", with: "line five\nline 5b\n").replacing("line 18\n", with: "")
    guard case .lines(let hunks) = compare(old, new, "notes").content else {
      Issue.record("not compared by line")
      return
    }
    #expect(hunks.map { [$0.oldStart, $0.oldCount, $0.newStart, $0.newCount] } == [[2, 7, 2, 8], [15, 6, 16, 5]])
    #expect(hunks[0].lines.map(\.text).contains("line five"))
    #expect(hunks[1].lines.filter { $0.kind == .removed }.map(\.text) == ["line 18"])
  }

  @Test("files that appear, go, or lose their last line end are differences")
  func edges() {
    func hunks(_ old: String?, _ new: String?) -> [String] {
      if case .lines(let hunks) = compare(old, new, "x.txt").content { hunks.map(\.description) } else { ["?"] }
    }
    #expect(hunks(nil, "a\nb\n") == ["@@ -0,0 +1,2 @@\n+a\n+b"])
    #expect(hunks("a\n", nil) == ["@@ -1,1 +0,0 @@\n-a"])
    #expect(hunks("a\n", "a") == ["@@ -1,1 +1,1 @@\n-a\n+a"])
    #expect(compare("a\0b", "a\0bc", "x").content == .binary(oldSize: 3, newSize: 4))
    #expect(compare(nil, "a: 1", "x.yaml").kind == .added)
    #expect(compare("a: 1", nil, "x.yaml").fields.map(\.description) == ["- a: 1"])
    #expect(compare(nil, nil, "x.yaml").kind == .unchanged)
  }

  @Test("hunks, applied to the old text, give the new one")
  func patches() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<500 {
      func text() -> [String] {
        (0..<Int.random(in: 0...30, using: &random)).map { _ in "l\(Int.random(in: 0..<6, using: &random))" }
      }
      let (old, new) = (text(), text())
      let difference = compare(old.map { $0 + "\n" }.joined(), new.map { $0 + "\n" }.joined(), "x.txt")
      guard case .lines(let hunks) = difference.content else { continue }
      #expect(patched(old, by: hunks) == new)
      let edits = hunks.flatMap(\.lines).count { $0.kind != .context }
      #expect(edits == old.count + new.count - 2 * commonLength(old, new), "more edits than needed")
    }
  }

  /// The length of the longest common subsequence, by the textbook's table.
  private func commonLength(_ old: [String], _ new: [String]) -> Int {
    var row = [Int](repeating: 0, count: new.count + 1)
    for line in old {
      var next = row
      for (place, other) in new.enumerated() {
        next[place + 1] = line == other ? row[place] + 1 : max(row[place + 1], next[place])
      }
      row = next
    }
    return row[new.count]
  }

  private func patched(_ old: [String], by hunks: [LineHunk]) -> [String] {
    var result: [String] = []
    var place = 0
    for hunk in hunks {
      let start = hunk.oldCount == 0 ? hunk.oldStart : hunk.oldStart - 1
      result += old[place..<start]
      #expect(result.count == (hunk.newCount == 0 ? hunk.newStart : hunk.newStart - 1))
      #expect(hunk.lines.filter { $0.kind != .added }.map(\.text) == Array(old[start..<start + hunk.oldCount]))
      result += hunk.lines.filter { $0.kind != .removed }.map(\.text)
      place = start + hunk.oldCount
    }
    return result + old[place...]
  }

  @Test("large texts that have nothing in common are compared without delay")
  func large() {
    let old = (0..<60_000).map { "a\($0)\n" }.joined()
    let new = (0..<60_000).map { "b\($0)\n" }.joined()
    guard case .lines(let hunks) = compare(old, new, "x.txt").content else { return }
    #expect(hunks.count == 1 && hunks[0].oldCount == 60_000 && hunks[0].newCount == 60_000)
  }

  @Test("a file's difference survives encoding")
  func coding() throws {
    for difference in [
      compare("a: 1\n", "a: {b: [2]}\n", "x.yaml"), compare("a: 1", "[", "x.yaml"), compare("x", "y", "t"),
      compare("\0", nil, "b"),
    ] {
      let data = try JSONEncoder().encode(difference)
      #expect(try JSONDecoder().decode(FileDifference.self, from: data) == difference)
    }
  }
}
