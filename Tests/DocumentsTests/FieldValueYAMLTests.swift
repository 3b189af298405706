import Documents
import Testing

@testable import DocumentsTestSupport

/// Values written out as YAML documents.
@Suite("A value as YAML") struct FieldValueYAMLTests {
  private func value(_ text: String) throws -> FieldValue {
    try FieldValue(#require(Document.parse(Array(text.utf8), as: .yaml).first).root)
  }

  @Test("is laid out as people do") func isLaidOut() throws {
    let text =
      "{a: {b: [1, {c: x, d: []}], e: {}}, text: \"one\\ntwo\\n\", no: 'no', count: '8', f: 1.0, g: null, \"k: \": ''}"
    #expect(
      try value(text).yaml == """
        a:
          b:
          - 1
          - c: x
            d: []
          e: {}
        text: |
          one
          two
        "no": "no"
        count: "8"
        f: 1.0
        g: null
        "k: ": ""

        """)
  }

  @Test(
    "reads back as itself",
    arguments: [
      "[]", "{}", "~", "''", "[[1, [2]], [{a: b}]]", "{a: \"x\\n\\n\\n\"}", "{a: \"\\n x\"}", "{a: \" \"}",
      "{a: \"\\t\"}",
      "{a: \"trailing \\nspace\"}", "{a: \"\\u0000\\u0085\\uFEFF\"}",
      "{a: \"#x\", b: \"x #y\", c: \"- x\", d: \"---\", e: \"? x\"}",
      "{\"\": 1, \"true\": 2, \"8\": 3, \"a\\nb\": 4, '<<': 5}", "[2001-01-01, 0x1F, 1e3, .inf, 012, +1, 'null', '=']",
    ])
  func readsBack(text: String) throws {
    let value = try value(text)
    #expect(try self.value(value.yaml) == value, "\(value.yaml)")
  }

  @Test("reads back as itself, whatever it is") func random() throws {
    var random = SeededRandom(seed: 5)
    for _ in 0..<300 {
      let text = RandomJSON.value(&random, depth: 4)
      guard let document = try? Document.parse(Array(text.utf8), as: .json).first else { continue }
      let value = FieldValue(document.root)
      #expect(try self.value(value.yaml) == value, "\(text)")
    }
  }
}
