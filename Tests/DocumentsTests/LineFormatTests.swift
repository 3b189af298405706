import Documents
import Testing

@Suite struct LineFormatTests {
  @Test("dotenv: export, quotes, escapes, comments, names alone")
  func env() throws {
    let text = """
      # comment
      A=1
      export B = two words  # comment
      C='sq $x\\n'
      D="dq\\n\\"x\\" \\$y \\z"
      E=
      F=a#b
      G
      H="two
      lines" # tail
      I=x=y
      """
    let root = try document(text, .env).root
    let values = root.entries.map { $0.value.scalar }
    #expect(
      values == [
        .string("1"), .string("two words"), .string("sq $x\\n"), .string("dq\n\"x\" $y \\z"), .string(""),
        .string("a#b"), .null, .string("two\nlines"), .string("x=y"),
      ])
    #expect(try document(text, .env).source(at: "D") == #""dq\n\"x\" \$y \z""#)
    #expect(try refusal("A=1\nA=2", .env).kind == .duplicateKey)
    #expect(try refusal("A='x", .env).kind == .syntax)
    #expect(try refusal("A='x' y", .env).kind == .syntax)
    #expect(try refusal("=1", .env).kind == .syntax)
    #expect(try document("", .env).root.entries.isEmpty)
    #expect(try document("A=1\r\nB=2\r\n", .env).rendered == "{A: \"1\", B: \"2\"}")
  }

  @Test("properties: separators, continuations, escapes")
  func properties() throws {
    let text = """
      ! comment
      a=1
      b : 2
      c 3 4
      d\\ e\\:f = x\\
         y
      g
      h=\\u00e9\\ud834\\udd1e\\t\\q
      i = trailing\u{20}
      """
    let root = try document(text, .properties).root
    #expect(root.entries.map(\.key) == ["a", "b", "c", "d e:f", "g", "h", "i"])
    #expect(root.entries.map { $0.value.text } == ["1", "2", "3 4", "xy", "", "é𝄞\tq", "trailing "])
    #expect(try refusal("a=\\u12", .properties).kind == .syntax)
    #expect(try refusal("a=\\udc00", .properties).kind == .syntax)
    #expect(try refusal("a=1\na 2", .properties).kind == .duplicateKey)
  }

  @Test("INI: sections are mappings, and go on when they come again")
  func ini() throws {
    let text = "top = 1\n[a]\n; c\nk = \"v\"\nurl: http://x\nflag\n\n[b c]\nk=2\n[a]\nz=3\n"
    #expect(
      try document(text, .ini).rendered
        == "{top: \"1\", a: {k: \"\\\"v\\\"\", url: http://x, flag: null, z: \"3\"}, b c: {k: \"2\"}}")
    #expect(try refusal("[a]\nk=1\n[b]\n[a]\nk=2", .ini).kind == .duplicateKey)
    #expect(try refusal("[a\nk=1", .ini).kind == .syntax)
  }

  @Test(
    "a file's name says its format, unless its bytes say otherwise",
    arguments: [
      ("a/b.yaml", "", DocumentFormat.yaml), ("b.YML", "", .yaml), ("x.json", "", .json), ("x.toml", "", .toml),
      (".env", "", .env), ("a/.env.local", "", .env), ("app.env", "", .env), ("x.properties", "", .properties),
      ("x.ini", "", .ini), ("nginx.conf", "server {\n listen 80;\n}\n", .text),
      ("my.conf", "# c\n[mysqld]\nport = 3306\n", .ini), ("x.conf", "[a]\nfoo\n", .text), ("x.conf", "a=1", .text),
      ("Dockerfile", "FROM x", .text), ("a.d/README", "", .text), ("x.yaml", "a\0", .binary), ("x", "\0", .binary),
      ("", "", .text),
    ])
  func formats(path: String, text: String, format: DocumentFormat) {
    #expect(DocumentFormat.detect(path: path, bytes: Array(text.utf8)) == format)
  }

  @Test("a text is one string")
  func text() throws {
    #expect(try document("any: [thing", .text).root.scalar == .string("any: [thing"))
    #expect(try refusal("x", .binary).kind == .unsupported)
  }
}
