import Documents
import Testing

@Suite struct JSONTests {
  @Test("values keep type and text")
  func values() throws {
    let text = #" {"a": [1, -0, 1.10, 1E5, true, false, null, "x"], "b": {}, "c": [], "": [[{}]]} "#
    #expect(
      try document(text, .json).rendered
        == #"{a: [1, -0, 1.10, 1E5, true, false, null, x], b: {}, c: [], "": [[{}]]}"#)
  }

  @Test("escapes become characters, also surrogate pairs")
  func escapes() throws {
    let root = try document(#"["\"\\\/\b\f\n\r\t\u00e9\ud834\udd1e", "é"]"#, .json).root
    #expect(root[index: 0]?.text == "\"\\/\u{8}\u{c}\n\r\té𝄞")
    #expect(root[index: 1]?.scalar == .string("é"))
  }

  @Test(
    "what RFC 8259 doesn't allow is refused",
    arguments: [
      "", " ", "{", "[", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\"}", "{\"a\":}", "{\"a\":1 \"b\":2}", "[1 2]", "01", "-",
      "1.", ".5", "1e", "+1", "NaN", "nul", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
      "\"\\ud800\\ud800\"",
      "\"\\udc00\"", "\"\t\"", "'a'", "1 2", "[1]]", "{]", "[}", "// c\n1", "\"\\",
    ])
  func refused(text: String) throws {
    #expect(try refusal(text, .json).kind == .syntax)
  }

  @Test("a key twice is refused, also when it is spelled with an escape")
  func duplicates() throws {
    let error = try refusal("{\"a\": 1,\n \"\\u0061\": 2}", .json)
    #expect(error.kind == .duplicateKey && error.line == 2 && error.column == 2)
  }

  @Test("places are exact")
  func marks() throws {
    let document = try document("{\n  \"ü\": [1, {\"x\": \"y\"}]\n}", .json)
    #expect(try document.source(at: "[\"ü\"][1]") == "{\"x\": \"y\"}")
    #expect(try document.source(at: "[\"ü\"][1].x") == "\"y\"")
    let mark = try #require(document.root["ü"]?[index: 1]?.mark)
    #expect(mark.line == 2 && mark.column == 12)
  }
}
