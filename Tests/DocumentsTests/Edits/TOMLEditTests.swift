import Documents
import Testing

@Suite struct TOMLEditTests {
  static let file = "# top\na = 1   # one\n\n# s\n[s]\nx.y = 'l'\nz = [1, 2]\n\n[[t]]\nn = \"a\"\n\n[[t]]\nn = \"b\"\n"

  static let examples = [
    EditExample("a number and its comment", file, .set, "a", "42", file.replacing("1   #", "42  #")),
    EditExample("literal quotes stay", file, .set, "s.x.y", "'a\\b'", file.replacing("'l'", "'a\\b'")),
    EditExample("literal quotes can't", file, .set, "s.x.y", "it's", file.replacing("'l'", "\"it's\"")),
    EditExample("a date", "d = 1979-05-27\n", .set, "d", "!!timestamp 2001-02-03", "d = 2001-02-03\n"),
    EditExample("digits become a string", "a = 1\n", .set, "a", "\"1\"", "a = \"1\"\n"),
    EditExample(
      "several lines", "a = \"\"\"\nx\ny\"\"\"\n", .set, "a", "\"p\\nq\\\\\"", "a = \"\"\"\np\nq\\\\\"\"\"\n"),
    EditExample("several literal lines", "a = '''\nx'''\n", .set, "a", "\"p\\nq\"", "a = '''\np\nq'''\n"),
    EditExample("several lines and CRLF", "a = \"\"\"x\"\"\"\r\n", .set, "a", "\"p\\nq\"", "a = \"p\\nq\"\r\n"),
    EditExample("in a table of a list", file, .set, "t[n=b].n", "c", file.replacing("\"b\"", "\"c\"")),
    EditExample("in an inline table", "a = { b = 1, c = 2 }\n", .set, "a.c", "3", "a = { b = 1, c = 3 }\n"),
    EditExample(
      "in a list of lines", "a = [\n  1, # one\n  2\n]\n", .add, "a[2]", "3", "a = [\n  1, # one\n  2,\n  3\n]\n"),
    EditExample("a tree over a value", "a = 1\n", .set, "a", "{b: [1, x]}", "a = { b = [1, \"x\"] }\n"),
    EditExample("added at the top", file, .add, "b", "x", file.replacing("# one\n", "# one\nb = \"x\"\n")),
    EditExample("added to a table", file, .add, "s.w", "x", file.replacing("2]\n", "2]\nw = 'x'\n")),
    EditExample("added to a dotted table", file, .add, "s.x.w", "q", file.replacing("'l'\n", "'l'\nx.w = 'q'\n")),
    EditExample("added to an empty table", "[s]\n# c\n[t]\n", .add, "s.a", "1", "[s]\na = 1\n# c\n[t]\n"),
    EditExample("added above the first table", "# c\n[s]\nx = 1\n", .add, "a", "1", "# c\na = 1\n[s]\nx = 1\n"),
    EditExample("added to nothing", "", .add, "a.b", "1", "a = { b = 1 }\n"),
    EditExample("a table among tables", "[s]\nx = 1\n", .add, "t", "{y: 2}", "[s]\nx = 1\n\n[t]\ny = 2\n"),
    EditExample("a table in a list of tables", file, .add, "t[2].n", "c", file + "\n[[t]]\nn = \"c\"\n"),
    EditExample("added to an inline table", "a = { b = 1 }\n", .add, "a.c", "2", "a = { b = 1, c = 2 }\n"),
    EditExample("added to an empty inline table", "a = {}\n", .add, "a.c", "2", "a = { c = 2 }\n"),
    EditExample("removed", file, .remove, "a", nil, file.replacing("a = 1   # one\n", "")),
    EditExample("removed with its lines", "a = [\n 1,\n]\nb = 1\n", .remove, "a", nil, "b = 1\n"),
    EditExample("the only one of a dotted table", file, .remove, "s.x.y", nil, file.replacing("x.y = 'l'", "x = {}")),
    EditExample("a table", file, .remove, "s", nil, file.replacing("[s]\nx.y = 'l'\nz = [1, 2]\n", "")),
    EditExample("a table of a list", file, .remove, "t[0]", nil, file.replacing("[[t]]\nn = \"a\"\n", "")),
    EditExample("a table in a table", "[a.b]\nx = 1\n", .remove, "a.b", nil, "[a]\n"),
    EditExample("from a list", "a = [1, 2, 3]\n", .remove, "a[1]", nil, "a = [1, 3]\n"),
  ]

  @Test("TOML is edited in place", arguments: examples)
  func example(_ example: EditExample) throws { try example.check(.toml) }

  @Test("what TOML can't do is refused")
  func refusals() throws {
    #expect(try editRefusal("a = 1\n", .toml, .set, "a", "null").kind == .unsupported)
    #expect(try editRefusal("a = 1\n", .toml, .set, "a", "007").kind == .unsupported)
    #expect(try editRefusal("[a]\nb = 1\n", .toml, .set, "a", "1").kind == .unsupported)
    #expect(try editRefusal("[[a]]\nb = 1\n", .toml, .remove, "a[0]").kind == .unsupported)
    #expect(try editRefusal("a = 1\na = 2\n", .toml, .set, "a", "1").kind == .unreadable(.duplicateKey))
  }
}
