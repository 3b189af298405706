import MooringModel
import Testing

@testable import Mooring

/// Objects taken out of files of manifests.
@Suite("Taking a manifest out of its file") struct ManifestRemovalTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var removed: [(document: Int, item: Int?)]
    /// `nil` where nothing is left.
    var left: String?
    var testDescription: String { name }
  }

  static let examples = [
    Example(name: "the only one", text: "a: 1\n", removed: [(0, nil)], left: nil),
    Example(name: "the first", text: "a: 1\n---\nb: 2\n", removed: [(0, nil)], left: "b: 2\n"),
    Example(name: "the last", text: "a: 1\n---\nb: 2\n", removed: [(1, nil)], left: "a: 1\n"),
    Example(
      name: "one in the middle, with its comments", text: "a: 1 # of a\n---\n# of b\nb: 2\n--- # of c\nc: 3\n",
      removed: [(1, nil)], left: "a: 1 # of a\n--- # of c\nc: 3\n"),
    Example(name: "two of three", text: "a: 1\n---\nb: 2\n---\nc: 3\n", removed: [(0, nil), (2, nil)], left: "b: 2\n"),
    Example(
      name: "the first, below a heading", text: "# Heading\n\n# of a\na: 1\n---\nb: 2\n", removed: [(0, nil)],
      left: "# Heading\n\n---\nb: 2\n"),
    Example(
      name: "one whose text looks like a border", text: "a: |\n  ---\n  x\n---\nb: 2\n", removed: [(0, nil)],
      left: "b: 2\n"),
    Example(
      name: "the first of a file that begins with a border", text: "---\na: 1\n---\nb: 2\n", removed: [(0, nil)],
      left: "b: 2\n"),
    Example(name: "without a line break at the end", text: "a: 1\n---\nb: 2", removed: [(1, nil)], left: "a: 1\n"),
    Example(
      name: "an item of a list", text: "kind: List\nitems:\n- {n: 1}\n- {n: 2} # second\n- {n: 3}\n",
      removed: [(0, 1)], left: "kind: List\nitems:\n- {n: 1}\n- {n: 3}\n"),
    Example(name: "all items of a list", text: "items:\n- {n: 1}\n- {n: 2}\n", removed: [(0, 0), (0, 1)], left: nil),
  ]

  @Test("leaves every other byte", arguments: examples)
  func removal(_ example: Example) throws {
    let file = try RelativePath("a.yaml")
    let sites = example.removed.map {
      ManifestSite(ObjectOrigin(file: file, line: 1, document: $0.document, item: $0.item))
    }
    let left = try ManifestRemoval(path: "a.yaml").bytes(Array(example.text.utf8), without: sites)
    #expect(left.map { String(decoding: $0, as: UTF8.self) } == example.left)
  }
}

@Suite("Values that a rendered text was made of") struct RenderedTextTests {
  @Test(
    "the parts of an image's name",
    arguments: [
      ("nginx", "nginx", nil, nil), ("r/web:1", "r/web", "1", nil), ("host:5000/web", "host:5000/web", nil, nil),
      ("host:5000/web:1@sha256:ab", "host:5000/web", "1", "sha256:ab"), ("web@sha256:ab", "web", nil, "sha256:ab"),
    ] as [(String, String, String?, String?)])
  func image(text: String, name: String, tag: String?, digest: String?) {
    let image = ImageName(text)
    #expect(image?.name == name && image?.tag == tag && image?.digest == digest)
  }

  @Test(
    "what has to stand in a part's place",
    arguments: [
      ("1.0", "r/web:1.0-alpine", "r/web:1.1-alpine", "1.1"), ("a", "a", "b", "b"),
      ("1.0", "r/web:1.0", "r/other:1.0", nil), ("1.0", "r/web:1.0", "r/web:", nil),
      ("9.9", "r/web:1.0", "r/web:2", nil),
    ] as [(String, String, String, String?)])
  func replacement(value: String, old: String, new: String, expected: String?) {
    #expect(HelmSource.replacement(for: value, of: old, new) == expected)
  }
}
