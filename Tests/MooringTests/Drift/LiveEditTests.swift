import Documents
import MooringModel
import Testing

@testable import Mooring

/// How a file of the release comes to say what is live.
@Suite struct LiveEditTests {
  private func edit(
    _ path: String, _ deployed: String, _ live: String, field: String? = nil
  ) throws -> String {
    let field = try field.map { try FieldPath(parsing: $0) }
    let bytes = try LiveEdit(path: path, deployed: Array(deployed.utf8), live: Array(live.utf8), field: field).bytes()
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let deployed = """
    # sizes
    pool: { size: 32, spare: 2 } # threads

    hosts:
      - a # first
      - b
    debug: false

    """

  @Test("one field alone changes, whatever else is live: other fields, comments, blanks, order") func oneField() throws
  {
    let live = "debug: true\nhosts: [a, b]\npool:\n  spare: 3\n  size: 64\n"
    #expect(
      try edit("a.yaml", Self.deployed, live, field: "pool.size")
        == Self.deployed.replacing("size: 32", with: "size: 64"))
  }

  @Test("all fields that differ are taken, and nothing else") func allFields() throws {
    let live = "# by hand\npool: { size: 64, spare: 2 }\nhosts: [a, c, d]\nmode: x\n"
    let edited = try edit("a.yaml", Self.deployed, live)
    #expect(
      edited
        == "# sizes\npool: { size: 64, spare: 2 } # threads\n\nhosts:\n  - a # first\n  - c\n  - d\nmode: x\n",
      "\(edited)")
  }

  @Test("a document among several is the one of its name") func severalDocuments() throws {
    func object(_ name: String, _ size: Int) -> String {
      "kind: Pool # \(name)\nmetadata: {name: \(name)}\nsize: \(size)\n"
    }
    let deployed = "---\n# nothing\n---\n" + object("a", 1) + "---\n" + object("b", 1)
    let live = object("b", 2) + "---\n" + object("a", 1)
    #expect(try edit("a.yaml", deployed, live) == "---\n# nothing\n---\n" + object("a", 1) + "---\n" + object("b", 2))
  }

  @Test("a file without fields, or one that is broken, is taken as it is")
  func asAWhole() throws {
    #expect(try edit("motd", "one\n", "two\n") == "two\n")
    #expect(try edit("a.yaml", Self.deployed, "pool: [\n") == "pool: [\n")
    #expect(try edit("a.yaml", "a: 1 # x\n", "a: 1 # y\n") == "a: 1 # y\n", "where only the form differs, that is it")
  }

  @Test(
    "a field that can't be taken by itself is refused, and not guessed at",
    arguments: [
      ("a.yaml", "a: 1\n", "a: [\n", "a"), ("a.yaml", "a: 1\nb: 1\n", "a: 1\nb: 2\n", "a"),
      ("motd", "one\n", "two\n", "a"), ("a.yaml", "a: &x 1\nb: *x\n", "a: 2\nb: 1\n", "b.c"),
    ])
  func isRefused(path: String, deployed: String, live: String, field: String) throws {
    let fault = #expect(throws: Fault.self) { try edit(path, deployed, live, field: field) }
    #expect(fault?.code == .conflict)
    #expect(fault?.description.contains("the field \(field) can't be adopted") == true)
  }

  @Test(
    "in every format with fields the rest of the file stays byte for byte",
    arguments: [
      (
        "a.json", "{\n  \"a\" : 1,\n  \"b\": [1,2]\n}\n", "{\"b\":[1,2],\"a\":2}",
        "{\n  \"a\" : 2,\n  \"b\": [1,2]\n}\n"
      ),
      ("a.toml", "# t\n[s]\na  = 1 # one\nb = 'x'\n", "s.a = 2\ns.b = \"x\"\n", "# t\n[s]\na  = 2 # one\nb = 'x'\n"),
      (".env", "# e\nexport A=1   # one\nB='x'\n", "B=x\nA=2\n", "# e\nexport A=2   # one\nB='x'\n"),
      ("a.ini", "; i\n[s]\na: 1\n# b\nb = 2\n", "[s]\nb=2\na=2\n", "; i\n[s]\na: 2\n# b\nb = 2\n"),
      ("a.properties", "# p\na : 1\nb=2\n", "b=2\na=2\n", "# p\na : 2\nb=2\n"),
    ])
  func everyFormat(path: String, deployed: String, live: String, expected: String) throws {
    #expect(try edit(path, deployed, live) == expected)
  }
}
