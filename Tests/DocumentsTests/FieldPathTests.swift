import Documents
import FoundationEssentials
import Testing

@testable import DocumentsTestSupport

@Suite struct FieldPathTests {
  @Test(
    "paths print as people write them, and read back",
    arguments: [
      (FieldPath(), ""), (FieldPath(keys: "worker", "pool", "size"), "worker.pool.size"),
      (
        FieldPath([.key("spec"), .key("containers"), .element(key: "name", value: "web"), .key("image")]),
        "spec.containers[name=web].image"
      ),
      (FieldPath([.key("list"), .index(3)]), "list[3]"), (FieldPath([.index(0), .index(1)]), "[0][1]"),
      (FieldPath(keys: "odd.key with.dots"), "[\"odd.key with.dots\"]"),
      (FieldPath(keys: "a", "app.kubernetes.io/name"), "a[\"app.kubernetes.io/name\"]"),
      (FieldPath(keys: ""), "[\"\"]"), (FieldPath(keys: "8080"), "8080"), (FieldPath(keys: "-x_y/z$"), "-x_y/z$"),
      (FieldPath(keys: "a\"b\\c\n\u{1}"), "[\"a\\\"b\\\\c\\n\\u0001\"]"), (FieldPath(keys: "é"), "[\"é\"]"),
      (FieldPath([.element(key: "a.b", value: "x:y.z")]), "[a.b=x:y.z]"),
      (FieldPath([.element(key: "a=", value: "")]), "[\"a=\"=\"\"]"),
      (FieldPath([.element(key: "8", value: "]")]), "[8=\"]\"]"),
      (FieldPath([.element(key: "p,q", value: "53,UDP"), .key("r")]), "[p,q=53,UDP].r"),
    ])
  func printing(path: FieldPath, text: String) throws {
    #expect(path.description == text)
    #expect(try FieldPath(parsing: text) == path)
  }

  @Test("any path reads back from its text, whatever its keys hold")
  func roundTrip() throws {
    var random = SeededRandom(seed: 7)
    let alphabet = Array("ab.[]=\"\\:, \n\u{7}é𝄞\u{301}/*{}#8-\u{202E}").map { String($0) }
    for _ in 0..<5_000 {
      func word() -> String {
        (0..<Int.random(in: 0...5, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
      }
      let components: [FieldPath.Component] = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        switch Int.random(in: 0..<3, using: &random) {
        case 0: .key(word())
        case 1: .index(Int.random(in: 0..<100, using: &random))
        default: .element(key: word(), value: word())
        }
      }
      let path = FieldPath(components)
      let read = try FieldPath(parsing: path.description)
      #expect(read == path && read.description == path.description)
    }
  }

  @Test(
    "what is no path is refused with its place",
    arguments: [
      "a..b", ".a", "a.", "a[", "a[]", "a[x]", "a[-1]", "a[1", "a]b", "a b", "a\"", "[\"x]", "[a=]", "[=a]", "[a=b=c]",
      "[0]a", "a[99999999999999999999]", "a=b",
    ])
  func refused(text: String) {
    #expect(throws: FieldPathError.self) { try FieldPath(parsing: text) }
  }

  @Test("paths sort by component, and know what lies inside them")
  func order() throws {
    let texts = ["a", "a.b", "a.b.c", "a[0]", "a[2]", "a[10]", "a[name=x]", "ab", "b"]
    let paths = try texts.map { try FieldPath(parsing: $0) }
    #expect(paths.shuffled().sorted().map(\.description) == texts)
    #expect(paths[1].isInside(paths[0]) && !paths[7].isInside(paths[0]) && paths[0].isInside(.root))
  }

  @Test("two spellings of é are two keys")
  func exactness() {
    #expect(FieldPath(keys: "\u{e9}") != FieldPath(keys: "e\u{301}"))
    #expect(Scalar.string("\u{e9}") != Scalar.string("e\u{301}"))
    #expect(Set([Scalar.string("\u{e9}"), .string("e\u{301}"), .string("\u{e9}")]).count == 2)
  }

  @Test("a document is looked up by path")
  func lookup() throws {
    let document = try document(
      """
      spec:
        containers:
        - {name: a, image: x}
        - {name: web, image: y, ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP}]}
        8080: z
      """.replacing("  8080: z", with: "8080: z"))
    func text(_ path: String) throws -> String? { try document[FieldPath(parsing: path)]?.text }
    #expect(try text("spec.containers[name=web].image") == "y")
    #expect(try text("spec.containers[0].image") == "x")
    #expect(try text("spec.containers[2].image") == nil)
    #expect(try text("spec.containers.name") == nil)
    #expect(try text("8080") == "z")
    #expect(
      try text("spec.containers[name=web].ports[containerPort,protocol=53,UDP].protocol") == "UDP")
    #expect(try document[FieldPath(parsing: "")]?.kind == .mapping)
  }

  @Test("paths and differences survive encoding")
  func coding() throws {
    let old = try document("a: [1, \"1\", 1.10, ~, {x: 'y: z, w'}]\nd: !!timestamp 2001-01-01\nw: 1_0\n")
    let new = try document("b = 1_0\nc = 1979-05-27T00:00:00Z\nd = 0b1\n", .toml)
    let found = differences(from: old, to: new)
    #expect(found.count == 5)
    let data = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode([FieldDifference].self, from: data) == found)
  }
}
