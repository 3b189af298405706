import Documents
import Testing

@Suite struct YAMLTests {
  @Test(
    "plain scalars have the types of YAML 1.2's core schema, and keep their text",
    arguments: [
      ("", Scalar.null), ("~", .null), ("Null", .null), ("true", .bool(true)), ("FALSE", .bool(false)),
      ("yes", .string("yes")), ("off", .string("off")), ("nUll", .string("nUll")), ("12", .integer("12")),
      ("-12", .integer("-12")), ("+1", .integer("+1")), ("0777", .integer("0777")), ("0o17", .integer("0o17")),
      ("0x1F", .integer("0x1F")), ("0xg", .string("0xg")), ("0o8", .string("0o8")), ("1_000", .string("1_000")),
      ("1.10", .float("1.10")), (".5", .float(".5")), ("1.", .float("1.")), ("1e3", .float("1e3")),
      ("-.inf", .float("-.inf")), (".NaN", .float(".NaN")), ("-.nan", .string("-.nan")), (".", .string(".")),
      ("-", .string("-")), ("1.2.3", .string("1.2.3")), ("1e", .string("1e")), ("2001-12-14", .string("2001-12-14")),
      ("12:30:45", .string("12:30:45")), ("\"8080\"", .string("8080")), ("'true'", .string("true")),
      ("!!str 8080", .string("8080")), ("!!int \"8080\"", .integer("8080")), ("!!float 1", .float("1")),
      ("!custom 1", .string("1")), ("!!timestamp 2001-12-14", .date("2001-12-14")),
    ])
  func types(text: String, scalar: Scalar) throws {
    if text == "-" { return #expect(try document("k: \"-\"").root["k"]?.scalar == scalar) }
    #expect(try document("k: \(text)").root["k"]?.scalar == scalar)
  }

  @Test("numbers give their values, and nothing beyond 64 bits")
  func numbers() {
    #expect(Scalar.integer("0x1F").intValue == 31)
    #expect(Scalar.integer("-0o17").intValue == -15)
    #expect(Scalar.integer("1_000").intValue == 1000)
    #expect(Scalar.integer("-9223372036854775808").intValue == .min)
    #expect(Scalar.integer("9223372036854775808").intValue == nil)
    #expect(Scalar.float("1.e3").doubleValue == 1000)
    #expect(Scalar.float("-.inf").doubleValue == -.infinity)
    #expect(Scalar.float("+.5").doubleValue == 0.5)
    #expect(Scalar.integer("--1").intValue == nil)
    #expect(Scalar.integer("").intValue == nil)
    #expect(Scalar.float("").doubleValue == nil)
  }

  @Test("a stream gives all its documents, and an empty one gives none")
  func streams() throws {
    let documents = try Document.parse(Array("a: 1\n---\nb: 2\n...\n---\n- c\n".utf8), as: .yaml)
    #expect(documents.map(\.rendered) == ["{a: 1}", "{b: 2}", "[c]"])
    #expect(try Document.parse([], as: .yaml).isEmpty)
    #expect(try Document.parse(Array("# nothing\n".utf8), as: .yaml).isEmpty)
  }

  @Test("block scalars, folds and escapes are read as text")
  func texts() throws {
    let text = "a: |\n  x\n   y\n\nb: >-\n  x\n  y\nc: \"t\\tab \\u00e9\"\nd: 'it''s'\ne: two\n  lines\n"
    let root = try document(text).root
    #expect(root["a"]?.text == "x\n y\n")
    #expect(root["b"]?.text == "x y")
    #expect(root["c"]?.text == "t\tab é")
    #expect(root["d"]?.text == "it's")
    #expect(root["e"]?.text == "two lines")
  }

  @Test("aliases stand for what they name, and keep their own place")
  func aliases() throws {
    let document = try document("a: &x {p: [1]}\nb: *x\nc: &x 2\nd: *x\n")
    #expect(document.rendered == "{a: {p: [1]}, b: {p: [1]}, c: 2, d: 2}")
    let alias = try #require(document.root["b"])
    #expect(alias.isAlias && alias.anchor == "x" && alias.mark.line == 2 && alias.mark.column == 4)
    #expect(try document.source(at: "b") == "*x")
  }

  @Test("merge keys bring in what the mapping doesn't say itself; of several the first wins")
  func merges() throws {
    let text = """
      one: &one {a: 1, b: 1}
      two: &two {<<: *one, b: 2, c: 2}
      both: {<<: [*two, *one], c: 3}
      text: {"<<": 1}
      """
    let root = try document(text).root
    #expect(try #require(root["both"]).entries.map { "\($0.key)\($0.value.text)" } == ["c3", "b2", "a1"])
    #expect(root["both"]?["b"]?.text == "2")
    #expect(root["both"]?["a"]?.text == "1")
    #expect(root["both"]?["<<"] == nil)
    #expect(root["text"]?["<<"]?.text == "1")
    #expect(try refusal("a: {<<: 1}").kind == .syntax)
  }

  @Test("what is wrong is said with its place")
  func errors() throws {
    #expect(try refusal("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n").kind == .duplicateKey)
    let again = try refusal("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n")
    #expect(again.line == 5 && again.column == 3)
    let open = try refusal("a: 1\nb: [1, 2\nc: 3\n")
    #expect(open.kind == .syntax && open.line == 3)
    #expect(try refusal("ä: ö\nb: *x\n").column == 4)
    #expect(try refusal("? [a]\n: 1\n").kind == .unsupported)
    #expect(try refusal("a: &x [*x]\n").kind == .unsupported)
    #expect(try refusal("a: &x 1\nb: &x {c: *x}\n").kind == .unsupported)
    #expect(try refusal("a: !!int x\n").kind == .syntax)
    let wide = (0..<40).map { "k\($0): 1\n" }.joined()
    #expect(try refusal(wide + "k7: 1\n").line == 41)
  }

  @Test("only UTF-8 is read, with or without a byte order mark")
  func encodings() throws {
    #expect(throws: DocumentError.self) { try Document.parse([0xFF, 0xFE, 0x61, 0], as: .yaml) }
    #expect(throws: DocumentError.self) { try Document.parse([0x61, 0x3A, 0x20, 0xC3, 0x28], as: .yaml) }
    let marked = try document("\u{FEFF}a: ü\nb: 1\n")
    #expect(marked.rendered == "{a: ü, b: 1}")
    #expect(try marked.source(at: "b") == "1")
    #expect(marked.root.entry("b")?.keyMark.column == 1)
  }

  @Test("keys and values know their exact bytes, beyond characters of many bytes and after comments")
  func marks() throws {
    let text = "ä: \"ö\"  # ü\nlist:\n- {n: 𝄞, v: [1,  2]}\n# tail\nblock: |\n  x\nend: !t &a z\n"
    let document = try document(text)
    #expect(try document.source(at: "[\"ä\"]") == "\"ö\"")
    #expect(try document.source(at: "list") == "- {n: 𝄞, v: [1,  2]}")
    #expect(try document.source(at: "list[0].n") == "𝄞")
    #expect(try document.source(at: "list[0].v") == "[1,  2]")
    #expect(try document.source(at: "block") == "|\n  x\n")
    #expect(try document.source(at: "end") == "!t &a z")
    let v = try #require(document.root["list"]?[index: 0]?.entry("v"))
    #expect(v.keyMark.line == 3 && v.keyMark.column == 10)
    #expect(String(decoding: document.source[v.keyNode.byteRange], as: UTF8.self) == "v")
    #expect(document.root["end"]?.tag == "!t")
  }

  @Test("places are right beyond the first 4 KiB")
  func farPlaces() throws {
    let filler = (0..<1000).map { "key\($0): välue\n" }.joined()
    let document = try document(filler + "  \nlast: 1\n")
    let mark = try #require(document.root["last"]?.mark)
    #expect(mark.line == 1002 && mark.column == 7)
    let wide = try #require(
      try Document.parse(Array("[\(String(repeating: "\"é\",", count: 3000))1]".utf8), as: .json).first)
    #expect(wide.root[index: 3000]?.mark.column == 3000 * 4 + 2)
  }
}
