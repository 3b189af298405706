import Documents
import Testing

@Suite struct JSONEditTests {
  static let onLines = "{\n    \"a\": 1,\n    \"b\": {\"x\": [1, 2]},\n    \"c\": []\n}\n"

  static let examples = [
    EditExample("a number", "{\"a\" : 1.10 , \"b\":2}", .set, "a", "1.20", "{\"a\" : 1.20 , \"b\":2}"),
    EditExample(
      "a string's escapes", "{\"a\": \"x\"}", .set, "a", "\"é\\n\\\"\\u0001\"", "{\"a\": \"é\\n\\\"\\u0001\"}"),
    EditExample("a string of digits", "{\"a\": 8080}", .set, "a", "\"8080\"", "{\"a\": \"8080\"}"),
    EditExample("null", "[true]", .set, "[0]", "null", "[null]"),
    EditExample("the root", "{\"a\": 1}\n", .set, "", "7", "7\n"),
    EditExample(
      "a tree over a scalar", onLines, .set, "a", "{k: [1]}",
      onLines.replacing("1,", "{\n        \"k\": [\n            1\n        ]\n    },")),
    EditExample("added on lines", onLines, .add, "d", "x", onLines.replacing("[]", "[],\n    \"d\": \"x\"")),
    EditExample("added on one line", "{\"a\":1,\"b\":2}", .add, "c", "3", "{\"a\":1,\"b\":2,\"c\":3}"),
    EditExample("added with spaces", "{ \"a\": 1 }", .add, "c", "3", "{ \"a\": 1, \"c\": 3 }"),
    EditExample("added to nothing", "{}", .add, "c.d", "3", "{\"c\": {\"d\": 3}}"),
    EditExample(
      "added to an empty list on a line", onLines, .add, "c[0]", "3", onLines.replacing("[]", "[\n        3\n    ]")),
    EditExample("added within a list", "[1, 2]", .add, "[1]", "9", "[1, 9, 2]"),
    EditExample("added at a list's end", onLines, .add, "b.x[2]", "9", onLines.replacing("1, 2", "1, 2, 9")),
    EditExample("removed on lines", onLines, .remove, "b", nil, onLines.replacing("    \"b\": {\"x\": [1, 2]},\n", "")),
    EditExample("the last removed on lines", onLines, .remove, "c", nil, onLines.replacing(",\n    \"c\": []", "")),
    EditExample("the first on one line", "[1, 2, 3]", .remove, "[0]", nil, "[2, 3]"),
    EditExample("the last on one line", "[1, 2, 3]", .remove, "[2]", nil, "[1, 2]"),
    EditExample("the only one", "{\"a\": { \"b\": 1 }}", .remove, "a.b", nil, "{\"a\": {}}"),
    EditExample("CRLF", "{\r\n  \"a\": 1\r\n}\r\n", .add, "b", "2", "{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}\r\n"),
    EditExample("a byte order mark", "\u{FEFF}{\"a\": 1}", .set, "a", "2", "\u{FEFF}{\"a\": 2}"),
    EditExample(
      "an element by its name", "[{\"name\": \"a\", \"v\": 1}, {\"name\": \"b\", \"v\": 1}]", .set, "[name=b].v", "2",
      "[{\"name\": \"a\", \"v\": 1}, {\"name\": \"b\", \"v\": 2}]"),
  ]

  @Test("JSON is edited in place", arguments: examples)
  func example(_ example: EditExample) throws { try example.check(.json) }

  @Test("what JSON can't do is refused")
  func refusals() throws {
    #expect(try editRefusal("{\"a\": 1}", .json, .set, "b", "1").kind == .noSuchField)
    #expect(try editRefusal("{\"a\": 1}", .json, .add, "a", "1").kind == .alreadyThere)
    #expect(try editRefusal("{\"a\": 1}", .json, .add, "a.b", "1").kind == .noSuchField)
    #expect(try editRefusal("{\"a\": 1}", .json, .remove, "").kind == .unsupported)
    #expect(try editRefusal("{\"a\": 1}", .json, .set, "a", "0x10").kind == .unsupported)
    #expect(try editRefusal("{\"a\": 1}", .json, .set, "a", ".inf").kind == .unsupported)
    #expect(try editRefusal("{\"a\": 1, \"a\": 2}", .json, .set, "a", "1").kind == .unreadable(.duplicateKey))
    let error = try editRefusal("{\n\"a\": {\"b\": 1}}", .json, .set, "a.b.c", "1")
    #expect((error.line, error.column) == (2, 12))
    #expect(error.description == "line 2, column 12: a.b.c: the path leads through an integer")
  }
}

extension String {
  func replacing(_ old: String, _ new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return String(self[..<range.lowerBound]) + new + self[range.upperBound...]
  }
}
