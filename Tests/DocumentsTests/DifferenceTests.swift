import Documents
import Testing

@testable import DocumentsTestSupport

@Suite struct DifferenceTests {
  private func compare(_ old: String, _ new: String) throws -> [String] {
    try differences(from: document(old), to: document(new)).map(\.description)
  }

  @Test("fields are changed, removed and added, each with its path")
  func fields() throws {
    #expect(
      try compare("a: {b: 1, c: x, e: [1]}\nf: 1\n", "a: {b: 2, d: {y: z}, e: [1]}\nf: 1\n")
        == ["a.b: 1 → 2", "- a.c: x", "+ a.d: {y: z}"])
  }

  @Test("a value of another type is a change, even with the same text")
  func types() throws {
    #expect(try compare("a: 8080", "a: \"8080\"") == ["a: 8080 → \"8080\""])
    #expect(try compare("a: 1.10", "a: 1.1") == ["a: 1.10 → 1.1"])
    #expect(try compare("a: {}", "a: []") == ["a: {} → []"])
    #expect(try compare("a:", "b: 1") == ["- a: null", "+ b: 1"])
    #expect(try compare("a: x", "a: {b: x}") == ["a: x → {b: x}"])
  }

  @Test("order of keys, quotes, comments, anchors and merge keys are no difference")
  func form() throws {
    #expect(try compare("a: 'x'\nb: True\n", "# c\nb: true\na: \"x\"\n").isEmpty)
    #expect(try compare("x: &x {p: 1}\ny: {<<: *x, q: 2}\nz: *x\n", "x: {p: 1}\ny: {q: 2, p: 1}\nz: {p: 1}\n").isEmpty)
  }

  @Test("elements with a name are found wherever they stand")
  func keyedLists() throws {
    let old = "c: [{name: a, v: 1}, {name: b, v: 2}, {name: d}]"
    let new = "c: [{name: b, v: 3}, {name: a, v: 1}, {name: e, v: 9}]"
    #expect(try compare(old, new) == ["c[name=b].v: 2 → 3", "- c[name=d]: {name: d}", "+ c[name=e]: {name: e, v: 9}"])
  }

  @Test("without unique names the next key serves, and ports need their protocol")
  func otherKeys() throws {
    #expect(
      try compare(
        "volumeMounts: [{name: x, mountPath: /a, readOnly: true}, {name: x, mountPath: /b}]",
        "volumeMounts: [{name: x, mountPath: /b}, {name: x, mountPath: /a}]")
        == ["- volumeMounts[mountPath=/a].readOnly: true"])
    #expect(
      try compare(
        "ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP, hostPort: 1}]",
        "ports: [{containerPort: 53, protocol: UDP, hostPort: 2}, {containerPort: 53, protocol: TCP}]")
        == [
          "+ ports[containerPort,protocol=53,TCP].protocol: TCP",
          "ports[containerPort,protocol=53,UDP].hostPort: 1 → 2",
        ])
    #expect(
      try compare("l: [{name: a, v: 1}, {name: a, v: 2}]", "l: [{name: a, v: 1}, {name: a, v: 3}]")
        == ["l[1].v: 2 → 3"])
  }

  @Test("lists without identity are compared by their longest common subsequence")
  func plainLists() throws {
    #expect(try compare("l: [a, b, c, d]", "l: [a, x, c, d, e]") == ["l[1]: b → x", "+ l[4]: e"])
    #expect(try compare("l: [a, b, c]", "l: [b, c]") == ["- l[0]: a"])
    #expect(try compare("l: [a, b]", "l: [b, a]").count == 2)
    #expect(try compare("l: [[1, 2], [3]]", "l: [[1, 2], [4]]") == ["l[1][0]: 3 → 4"])
    #expect(try compare("l: []", "l: [1]") == ["+ l[0]: 1"])
    #expect(try compare("l: [{a: 1, b: 2}, {c: 1}]", "l: [{b: 2, a: 1}, {c: 2}]") == ["l[1].c: 1 → 2"])
  }

  @Test("a document that appears or goes is its top fields")
  func wholeDocuments() throws {
    let document = try document("a: 1\nb: {c: 2}\n")
    #expect(differences(from: nil, to: document).map(\.description) == ["+ a: 1", "+ b: {c: 2}"])
    #expect(differences(from: document, to: nil).map(\.description) == ["- a: 1", "- b: {c: 2}"])
    #expect(differences(from: nil, to: nil).isEmpty)
  }

  @Test("every difference's path finds its values in the documents, and applying none leaves none")
  func consistency() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<400 {
      let old = try document(RandomYAML.value(&random, depth: 3))
      let new = try document(RandomYAML.value(&random, depth: 3))
      #expect(differences(from: old, to: old).isEmpty)
      for difference in differences(from: old, to: new) {
        if let value = difference.new { #expect(new[difference.path].map { FieldValue($0) } == value) }
        if difference.kind == .removed { #expect(old[difference.path].map { FieldValue($0) } == difference.old) }
      }
      let isEqual = FieldValue(old.root) == FieldValue(new.root)
      if isEqual { #expect(differences(from: old, to: new).isEmpty) }
    }
  }
}

/// Small values in flow style, with many collisions.
enum RandomYAML {
  static func value(_ random: inout SeededRandom, depth: Int) -> String {
    switch depth > 0 ? Int.random(in: 0..<5, using: &random) : 4 {
    case 0, 1:
      let keys = ["a", "b", "c", "name"].filter { _ in Bool.random(using: &random) }
      return "{" + keys.map { "\($0): \(value(&random, depth: depth - 1))" }.joined(separator: ", ") + "}"
    case 2, 3:
      let count = Int.random(in: 0...4, using: &random)
      return "[" + (0..<count).map { _ in value(&random, depth: depth - 1) }.joined(separator: ", ") + "]"
    default: return ["1", "\"1\"", "x", "true", "~"].randomElement(using: &random) ?? "1"
    }
  }
}
