import Documents
import Testing

@Suite struct TOMLTests {
  @Test("the four kinds of string, and their escapes")
  func strings() throws {
    let text = """
      a = "t\\t \\u00e9 \\U0001D11E \\\\"
      b = 'C:\\x'
      c = \"\"\"
      one \\
           two
      ""three\"\"\"\"\"
      d = '''
      'x\\'
      '''''
      """
    let root = try document(text, .toml).root
    #expect(root["a"]?.text == "t\t é 𝄞 \\")
    #expect(root["b"]?.text == "C:\\x")
    #expect(root["c"]?.text == "one two\n\"\"three\"\"")
    #expect(root["d"]?.text == "'x\\'\n''")
  }

  @Test("tables, dotted keys, inline tables and arrays of tables make one tree")
  func tables() throws {
    let text = """
      title = "x"   # comment
      a.b.c = 1
      a."d.e" = [ 1, # one
        2, ]
      [servers.alpha]
      ip = {v4 = "10.0.0.1", x.y = 1}
      [servers]
      n = 2
      [[list.item]]
      k = 1
      [list.item.sub]
      z = 1979-05-27 07:32:00Z
      [[list.item]]
      k = 0x_no
      """
    #expect(try refusal(text, .toml).line == 14)
    #expect(
      try document(text.replacing("0x_no", with: "0xF_F"), .toml).rendered
        == "{title: x, a: {b: {c: 1}, d.e: [1, 2]}, servers: {alpha: {ip: {v4: 10.0.0.1, x: {y: 1}}}, n: 2}, "
        + "list: {item: [{k: 1, sub: {z: !!timestamp 1979-05-27 07:32:00Z}}, {k: !!int 0xF_F}]}}")
  }

  @Test(
    "what TOML 1.0 forbids is refused",
    arguments: [
      "a = 1\na = 2", "[a]\n[a]", "a.b = 1\na = 2", "a = 1\na.b = 2", "[a]\nb.c = 1\n[a.b]", "a = {b = 1}\na.c = 2",
      "a = {b = 1}\n[a.c]", "a = {b = 1, b = 2}", "a = {b.c = 1, b = 2}", "a = [1]\n[[a]]", "[[a]]\n[a]", "[a]\n[[a]]",
      "[a.b.c]\nz = 1\n[a]\nb.c.t = 2", "[[a.b]]\n[a]\nb.y = 2", "a = [{b = 1}]\n[a.c]",
    ])
  func redefinitions(text: String) throws {
    #expect(try refusal(text, .toml).kind == .duplicateKey)
  }

  @Test(
    "what isn't TOML is refused",
    arguments: [
      "a", "a =", "a = 1 b = 2", "= 1", "[a", "[a]]", "[[a]", "[]", "a = 01", "a = 1_", "a = _1", "a = 1__0", "a = 1.",
      "a = .5", "a = 1.e5", "a = +0x1", "a = 0X1", "a = True", "a = 2021-02-29", "a = 24:00:00", "a = 2021-1-01",
      "a = 'x\ny'", "a = \"\\e\"", "a = \"\\ud800\"", "a = \"x", "a = {b = 1,}", "a = {\nb = 1}", "a = [1 2]",
      "a = [,]",
      "a.\"\"\"b\"\"\" = 1", "a = \"\u{1}\"", "# \u{1}", "a = 1\rb = 2", "a..b = 1", "a = \"\"\"x\\ y\"\"\"",
    ])
  func refused(text: String) throws {
    #expect(try refusal(text, .toml).kind == .syntax)
  }

  @Test("places are exact")
  func marks() throws {
    let document = try document("[a]\nb = \"x\" # c\nd.e = [ 1, 'z' ]\n", .toml)
    #expect(try document.source(at: "a.b") == "\"x\"")
    #expect(try document.source(at: "a.d.e[1]") == "'z'")
    let entry = try #require(document.root["a"]?["d"]?.entry("e"))
    #expect(entry.keyMark.line == 3 && entry.keyMark.column == 3)
  }
}
