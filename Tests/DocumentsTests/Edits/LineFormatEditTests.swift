import Documents
import Testing

@Suite struct LineFormatEditTests {
  static let envExamples = [
    EditExample("plain", "# c\nexport A=1   # one\nB=2\n", .set, "A", "\"22\"", "# c\nexport A=22  # one\nB=2\n"),
    EditExample("plain can't", "A=1\n", .set, "A", "a b", "A=\"a b\"\n"),
    EditExample("a dollar", "A=1\n", .set, "A", "\"$x\"", "A='$x'\n"),
    EditExample("single quotes stay", "A='x' # c\n", .set, "A", "y z", "A='y z' # c\n"),
    EditExample("single quotes can't", "A='x'\n", .set, "A", "it's", "A=\"it's\"\n"),
    EditExample("double quotes stay", "A=\"x\"\n", .set, "A", "\"a\\n$b\"", "A=\"a\\n\\$b\"\n"),
    EditExample("an empty value", "A=\r\nB=1\r\n", .set, "A", "x", "A=x\r\nB=1\r\n"),
    EditExample("a name alone gets a value", "A\n", .set, "A", "x", "A=x\n"),
    EditExample("null leaves the name", "A=x # c\n", .set, "A", "null", "A # c\n"),
    EditExample("added like its neighbours", "export A='1'\n", .add, "B", "x", "export A='1'\nexport B='x'\n"),
    EditExample("added without a last line end", "A=1", .add, "B", "x", "A=1\nB=x"),
    EditExample("added to nothing", "", .add, "B", "x", "B=x\n"),
    EditExample("added below comments", "# c\n", .add, "B", "x", "# c\nB=x\n"),
    EditExample("removed", "# a\nA=1 # c\nB=\"x\ny\"\nC=1\n", .remove, "B", nil, "# a\nA=1 # c\nC=1\n"),
  ]

  static let propertiesExamples = [
    EditExample("a value", "a : x\n", .set, "a", "\" y=\\n\"", "a : \\ y=\\n\n"),
    EditExample("continued lines", "a=x\\\n   y\nb=1\n", .set, "a", "z", "a=z\nb=1\n"),
    EditExample("a blank as separator", "a x\n", .set, "a", "z", "a z\n"),
    EditExample("a key alone", "a\nb=1\n", .set, "a", "z", "a=z\nb=1\n"),
    EditExample("added", "# c\na: x\n", .add, "[\"b c\"]", "z", "# c\na: x\nb\\ c: z\n"),
    EditExample("removed", "a=x\\\n   y\nb=1\n", .remove, "a", nil, "b=1\n"),
  ]

  static let iniExamples = [
    EditExample("a value", "; c\n[s]\na = x\nb: y\n", .set, "s.b", "q", "; c\n[s]\na = x\nb: q\n"),
    EditExample("added to a section", "[s]\na: x\n\n[t]\n", .add, "s.b", "q", "[s]\na: x\nb: q\n\n[t]\n"),
    EditExample("added to an empty section", "[s]\n; c\n[t]\nx=1\n", .add, "s.b", "q", "[s]\nb = q\n; c\n[t]\nx=1\n"),
    EditExample("added at the head", "; c\n[s]\na=1\n", .add, "b", "q", "; c\nb = q\n[s]\na=1\n"),
    EditExample("a new section", "[s]\na=x\n", .add, "t.b", "q", "[s]\na=x\n\n[t]\nb=q\n"),
    EditExample("a key alone", "[s]\na\n", .set, "s.a", "q", "[s]\na=q\n"),
    EditExample("removed", "[s]\r\na = x\r\nb = y\r\n", .remove, "s.a", nil, "[s]\r\nb = y\r\n"),
    EditExample("the last of a section", "[s]\na=1\n[t]\n", .remove, "s.a", nil, "[s]\n[t]\n"),
    EditExample(
      "a section", "[s]\na=1\n; in\nb=1\n\n; t\n[t]\nc=1\n[s]\nd=1\n", .remove, "s", nil, "\n; t\n[t]\nc=1\n"),
  ]

  @Test("an env file is edited in place", arguments: envExamples)
  func env(_ example: EditExample) throws { try example.check(.env) }

  @Test("a properties file is edited in place", arguments: propertiesExamples)
  func properties(_ example: EditExample) throws { try example.check(.properties) }

  @Test("an INI file is edited in place", arguments: iniExamples)
  func ini(_ example: EditExample) throws { try example.check(.ini) }

  @Test("what lines can't hold is refused")
  func refusals() throws {
    for format in [DocumentFormat.env, .properties, .ini] {
      #expect(try editRefusal("a=1\n", format, .set, "a", "5").kind == .unsupported)
      #expect(try editRefusal("a=1\n", format, .set, "a", "[x]").kind == .unsupported)
      #expect(try editRefusal("a=1\n", format, .set, "", "x").kind == .unsupported)
      #expect(try editRefusal("a=1\na=2\n", format, .remove, "a").kind == .unreadable(.duplicateKey))
    }
    #expect(try editRefusal("a=1\n", .env, .add, "[\"b c\"]", "x").kind == .unsupported)
    #expect(try editRefusal("a=1\n", .ini, .set, "a", "\" x\"").kind == .unsupported)
    #expect(try editRefusal("[s]\na=1\n", .ini, .set, "s", "x").kind == .unsupported)
    #expect(try editRefusal("x", .text, .set, "", "y").kind == .unsupported)
  }
}
