import Documents
import Testing

@Suite struct YAMLEditTests {
  static let scalars = [
    EditExample("plain", "a: x # c\n", .set, "a", "q", "a: q # c\n"),
    EditExample("a comment's column", "a: xyz   # c\n", .set, "a", "q", "a: q     # c\n"),
    EditExample("a comment pushed", "a: x  # c\n", .set, "a", "longer", "a: longer # c\n"),
    EditExample("a float's text", "a: 1.1\n", .set, "a", "1.10", "a: 1.10\n"),
    EditExample("digits become a string", "a: 8080\n", .set, "a", "\"8080\"", "a: \"8080\"\n"),
    EditExample("a string becomes digits", "a: \"8080\"\n", .set, "a", "8080", "a: 8080\n"),
    EditExample("no", "a: x\n", .set, "a", "\"no\"", "a: \"no\"\n"),
    EditExample("null", "a: x\n", .set, "a", "\"null\"", "a: \"null\"\n"),
    EditExample("a tilde", "a: x\n", .set, "a", "\"~\"", "a: \"~\"\n"),
    EditExample("a date", "a: x\n", .set, "a", "\"2001-02-03\"", "a: \"2001-02-03\"\n"),
    EditExample("single quotes stay", "a: 'x'\n", .set, "a", "it's", "a: 'it''s'\n"),
    EditExample("single quotes can't", "a: 'x'\n", .set, "a", "\"x\\u0007\"", "a: \"x\\x07\"\n"),
    EditExample("double quotes stay", "a: \"x\" # c\n", .set, "a", "y \\ z", "a: \"y \\\\ z\" # c\n"),
    EditExample("plain can't", "a: x\n", .set, "a", "\"y: z\"", "a: \"y: z\"\n"),
    EditExample("plain can in a block", "a: x\n", .set, "a", "\"--f={a,b}\"", "a: --f={a,b}\n"),
    EditExample("plain can't in a flow", "a: [x]\n", .set, "a[0]", "\"p,q\"", "a: [\"p,q\"]\n"),
    EditExample("an empty value", "a:   # c\nb: 1\n", .set, "a", "x", "a: x   # c\nb: 1\n"),
    EditExample("an empty element", "-\n- b\n", .set, "[0]", "x", "- x\n- b\n"),
    EditExample("several lines of plain", "a: x\n  y\nb: 1\n", .set, "a", "z", "a: z\nb: 1\n"),
    EditExample("a value on the next line", "a:\n  x # c\n", .set, "a", "z", "a:\n  z # c\n"),
    EditExample(
      "literal", "a: |\n    x\n    y\n\n# c\nb: 1\n", .set, "a", "\"p\\n q\\n\"", "a: |\n    p\n     q\n\n# c\nb: 1\n"),
    EditExample("literal without a last line end", "a: | # c\n  x\n", .set, "a", "\"p\"", "a: |- # c\n  p\n"),
    EditExample("literal that keeps", "a: |+\n  x\n\nb: 1\n", .set, "a", "\"p\\n\\n\\n\"", "a: |+\n  p\n\n\nb: 1\n"),
    EditExample("folded", "a: >-\n  x\n  y\nb: 1\n", .set, "a", "\"p q\\nr\"", "a: >-\n  p q\n\n  r\nb: 1\n"),
    EditExample("literal becomes a number", "a: |\n  x\n\nb: 1\n", .set, "a", "7", "a: 7\n\nb: 1\n"),
    EditExample(
      "plain becomes lines", "a:\n  b: x # c\nd: 1\n", .set, "a.b", "\"p\\nq\\n\"",
      "a:\n  b: | # c\n    p\n    q\nd: 1\n"),
    EditExample("CRLF and no last line end", "a: x\r\nb: y", .set, "b", "z", "a: x\r\nb: z"),
    EditExample(
      "CRLF in a literal", "a: |\r\n  x\r\nb: y\r\n", .set, "a", "\"p\\nq\\n\"", "a: |\r\n  p\r\n  q\r\nb: y\r\n"),
    EditExample("a byte order mark", "\u{FEFF}a: 1\nb: ü\n", .set, "b", "é", "\u{FEFF}a: 1\nb: é\n"),
    EditExample("the second document", "a: 1\n---\na: 1\n", .set, "a", "2", "a: 1\n---\na: 2\n", document: 1),
    EditExample("an anchor that nobody uses", "a: &x 1\n", .set, "a", "2", "a: &x 2\n"),
    EditExample("a core tag goes", "a: !!str 1\n", .set, "a", "2", "a: 2\n"),
    EditExample(
      "by name", "l:\n- name: web\n  image: x\n", .set, "l[name=web].image", "q", "l:\n- name: web\n  image: q\n"),
    EditExample("JSON in YAML", "{\"a\": \"x\", \"b\": [1,2]}\n", .set, "a", "y", "{\"a\": \"y\", \"b\": [1,2]}\n"),
    EditExample("nothing to do", "a:   'x'   # c\n", .set, "a", "x", "a:   'x'   # c\n"),
  ]

  static let trees = [
    EditExample(
      "a tree over a scalar", "a: x # c\nb: 1\n", .set, "a", "{k: 1, l: [2]}", "a: # c\n  k: 1\n  l:\n    - 2\nb: 1\n"),
    EditExample("a scalar over a tree", "a: # c\n  k: 1\n  l: 2\nb: 1\n", .set, "a", "x", "a: x # c\nb: 1\n"),
    EditExample(
      "a tree over a tree", "a:\n  # k\n  k: 1 # one\n  l: 2\n", .set, "a", "{k: 1, m: 3}",
      "a:\n  # k\n  k: 1 # one\n  m: 3\n"),
    EditExample("a list over a list", "a:\n- x # x\n- y # y\n- z # z\n", .set, "a", "[x, z]", "a:\n- x # x\n- z # z\n"),
    EditExample(
      "a mapping over an element", "- x # c\n- y\n", .set, "[0]", "{a: 1, b: 2}", "- a: 1 # c\n  b: 2\n- y\n"),
    EditExample("an element over a mapping", "- a: 1\n  b: 2\n- y\n", .set, "[0]", "x", "- x\n- y\n"),
    EditExample("a mapping over a list in a flow", "a: {b: [1]}\n", .set, "a.b", "{c: 1}", "a: {b: {c: 1}}\n"),
    EditExample("an empty mapping over a tree", "a:\n  b: 1\nc: 1\n", .set, "a", "{}", "a: {}\nc: 1\n"),
  ]

  static let additions = [
    EditExample(
      "at the mapping's end", "a:\n    b: 1 # c\n# d\ne: 1\n", .add, "a.f", "x",
      "a:\n    b: 1 # c\n    f: x\n# d\ne: 1\n"),
    EditExample("with its parents", "a:\n    b: 1\n", .add, "c.d.e", "x", "a:\n    b: 1\nc:\n    d:\n        e: x\n"),
    EditExample("behind a literal", "a: |\n  x\n\n\nb: 1\n", .add, "c", "x", "a: |\n  x\n\n\nb: 1\nc: x\n"),
    EditExample(
      "behind a nested literal", "a:\n  b: |\n    x\n\nc: 1\n", .add, "a.d", "x", "a:\n  b: |\n    x\n  d: x\n\nc: 1\n"),
    EditExample("no last line end", "a: 1", .add, "b", "2", "a: 1\nb: 2"),
    EditExample("quotes like the neighbours", "a: \"x\"\nb: \"y\"\n", .add, "c", "z", "a: \"x\"\nb: \"y\"\nc: \"z\"\n"),
    EditExample("under null", "a:\nb: 1\n", .add, "a.c", "2", "a:\n  c: 2\nb: 1\n"),
    EditExample("under an empty mapping", "a: {}\nb: 1\n", .add, "a.c", "2", "a:\n  c: 2\nb: 1\n"),
    EditExample("to a flow mapping", "a: {b: 1}\n", .add, "a.c", "{d: x}", "a: {b: 1, c: {d: x}}\n"),
    EditExample(
      "to a flow list on lines", "a: [\n  b, # b\n  c, # c\n]\n", .add, "a[2]", "d",
      "a: [\n  b, # b\n  c, # c\n  d,\n]\n"),
    EditExample("to a list at its key's depth", "a:\n- x\nb: 1\n", .add, "a[1]", "q", "a:\n- x\n- q\nb: 1\n"),
    EditExample(
      "to a deeper list", "a:\n    - x\nb: 1\n", .add, "a[1]", "{k: 1, l: 2}",
      "a:\n    - x\n    - k: 1\n      l: 2\nb: 1\n"),
    EditExample("at a list's beginning", "a:\n  # c\n  - x\n", .add, "a[0]", "w", "a:\n  # c\n  - w\n  - x\n"),
    EditExample(
      "a named element", "a:\n- name: x\n  v: 1\n", .add, "a[name=q].v", "2",
      "a:\n- name: x\n  v: 1\n- name: q\n  v: 2\n"),
    EditExample(
      "a list like the others", "a:\n- x\nb:\n  c: 1\n", .add, "b.d", "[q]", "a:\n- x\nb:\n  c: 1\n  d:\n  - q\n"),
    EditExample("a key in quotes", "a: 1\n", .add, "yes", "2", "a: 1\n\"yes\": 2\n"),
    EditExample("several lines", "a: 1\n", .add, "b", "\"x\\ny\\n\"", "a: 1\nb: |\n  x\n  y\n"),
    EditExample(
      "line ends above blank lines", "a: 1\n\n---\nb: 1\n", .add, "c", "\"x\\n\\n\"",
      "a: 1\nc: \"x\\n\\n\"\n\n---\nb: 1\n"),
    EditExample("CRLF", "a:\r\n  b: 1\r\n", .add, "a.c", "2", "a:\r\n  b: 1\r\n  c: 2\r\n"),
    EditExample("in the first of two", "a: 1\n---\nb: 1\n", .add, "c", "2", "a: 1\nc: 2\n---\nb: 1\n"),
  ]

  static let removals = [
    EditExample("an entry", "# a\na: 1 # c\n\n# b\nb: 2\n", .remove, "a", nil, "# a\n\n# b\nb: 2\n"),
    EditExample("a tree", "a:\n  # k\n  k: 1\nb: 2\n", .remove, "a", nil, "b: 2\n"),
    EditExample("the last", "a: 1\nb: 2", .remove, "b", nil, "a: 1"),
    EditExample("the only one", "a:\n  b: 1\nc: 1\n", .remove, "a.b", nil, "a: {}\nc: 1\n"),
    EditExample("the first of an element", "- name: x\n  v: 1\n", .remove, "[0].name", nil, "- v: 1\n"),
    EditExample(
      "the first of an element above a comment", "- name: x\n  # v\n  v: 1\n", .remove, "[0].name", nil,
      "-\n  # v\n  v: 1\n"),
    EditExample("an element", "a:\n- x\n# y\n- y\n- z\n", .remove, "a[1]", nil, "a:\n- x\n# y\n- z\n"),
    EditExample(
      "an element by name", "- name: a\n  v: 1\n- name: b\n  v: 2\n", .remove, "[name=a]", nil, "- name: b\n  v: 2\n"),
    EditExample("a literal", "a: |\n  x\n\nb: 1\n", .remove, "a", nil, "\nb: 1\n"),
    EditExample("from a flow", "a: {b: 1, c: 2}\n", .remove, "a.b", nil, "a: {c: 2}\n"),
    EditExample("from a list in a list", "- - x\n  - y\n", .remove, "[0][0]", nil, "- - y\n"),
    EditExample("the last behind a literal", "a: |\n  x\nb: 1", .remove, "b", nil, "a: |\n  x\n"),
    EditExample("an alias", "a: &x 1\nb: *x\n", .remove, "b", nil, "a: &x 1\n"),
  ]

  @Test("a YAML scalar is edited in place", arguments: scalars)
  func scalar(_ example: EditExample) throws { try example.check(.yaml) }

  @Test("a YAML tree is edited in place", arguments: trees)
  func tree(_ example: EditExample) throws { try example.check(.yaml) }

  @Test("a YAML field is added in the style of its neighbours", arguments: additions)
  func addition(_ example: EditExample) throws { try example.check(.yaml) }

  @Test("a YAML field is removed with its lines", arguments: removals)
  func removal(_ example: EditExample) throws { try example.check(.yaml) }

  @Test("what is shared, missing or foreign is refused")
  func refusals() throws {
    let alias = try editRefusal("a: &x {k: 1}\nb: *x\n", .yaml, .set, "b.k", "2")
    #expect(alias.kind == .shared)
    #expect(alias.line == 2)
    #expect(alias.message.contains("anchor stands in line 1"))
    #expect(try editRefusal("a: &x 1\nb: *x\n", .yaml, .set, "b", "2").kind == .shared)
    #expect(try editRefusal("a: &x 1\nb: *x\n", .yaml, .set, "a", "2").message.contains("used in line 2"))
    #expect(try editRefusal("a: &x 1\nb: *x\n", .yaml, .remove, "a").kind == .shared)
    #expect(try editRefusal("a: &x {k: 1}\nb: {<<: *x}\n", .yaml, .add, "a.l", "2").kind == .shared)
    let merge = try editRefusal("a: &x\n  k: 1\nb:\n  <<: *x\n  l: 1\n", .yaml, .set, "b.k", "2")
    #expect(merge.kind == .shared)
    #expect(merge.message.contains("line 2"))
    #expect(try editRefusal("a: &x {k: 1}\nb: {<<: *x, k: 2}\n", .yaml, .remove, "b.k").kind == .shared)
    #expect(try editRefusal("a: !Ref x\n", .yaml, .set, "a", "y").kind == .unsupported)
    #expect(try editRefusal("a: 1\n", .yaml, .add, "a.b", "y").kind == .noSuchField)
    #expect(try editRefusal("a: 1\na: 2\n", .yaml, .set, "a", "y").kind == .unreadable(.duplicateKey))
    #expect(try editRefusal("- name: a\n- name: a\n", .yaml, .remove, "[name=a]").kind == .ambiguous)
    #expect(throws: EditError.self) { try Document.edit([0xFF], as: .yaml, []) }
    #expect(throws: EditError.self) {
      try Document.edit(Array("a: 1".utf8), as: .yaml, [], limits: Limits(bytes: 3))
    }
    let none = FieldEdit(document: 1, path: FieldPath(keys: "a"), .remove)
    #expect(throws: EditError.self) { try Document.edit(Array("a: 1".utf8), as: .yaml, [none]) }
  }
}
