import Documents
import Testing

@testable import DocumentsTestSupport

@Suite struct MutationTests {
  private static let seeds: [(DocumentFormat, String)] = [
    (
      .yaml,
      """
      %YAML 1.1
      ---
      a: &x {p: [1, "2\\u00e9", ~], q: 'it''s'}
      b: {<<: [*x], r: !!int 5}
      ? long
      : - |
          text
        - >-
          fold

      ü: 0x1F  # c
      ...
      ---
      - - 1.5
      """
    ),
    (.yaml, "kind: A\nmeta: {n: 'x', l: [1, \"2\"]}\nitems:\n- name: a\n  v: |\n    t\n- &b {name: b}\n- *b\n"),
    (.json, #"{"a": [1, -2.5e+3, true, null, "\"\\\u00e9\ud834\udd1e"], "ü": {"b": {}, "c": []}}"#),
    (
      .toml,
      """
      a.b = "x\\n\\u00e9" # c
      'q' = [1, 0x_, 1979-05-27T07:32:00Z, 1_000.5e-3, {z = '', y.x = true}]
      [t.u]
      v = \"\"\"m
      \\  l\"\"\"\"
      [[w]]
      k = '''x'''
      [[w]]
      """.replacing("0x_", with: "0xF")
    ),
    (.env, "export A=1\nB=\"x\\n$y\" # c\nC='q'\nD\nE=a b\n"),
    (.properties, "a=1\nb : \\u00e9\\\n  c\n! c\nd\\ e f\\t\n"),
    (.ini, "top=1\n[a b]\nk = v\n; c\nflag\n[c]\nx: y\n[a b]\nz=\n"),
  ]

  @Test("no input, however broken, does more than throw; what is read stays within its source")
  func mutations() throws {
    var random = SeededRandom(seed: 42)
    let limits = Limits(bytes: 1 << 16, depth: 20, nodes: 2_000, aliasExpansion: 500, documents: 20)
    for (format, seed) in Self.seeds {
      var readable = 0
      for _ in 0..<3_000 {
        let bytes = Mutation.mutate(Array(seed.utf8), &random)
        guard let documents = try? Document.parse(bytes, as: format, limits: limits) else { continue }
        readable += 1
        for document in documents { check(document.root, size: bytes.count) }
        _ = documents.first.map { differences(from: $0, to: documents.last) }
      }
      #expect(readable > 20, "\(format) mutations are hardly ever readable")
    }
  }

  @Test("mutated files are compared with the sound one without a trap")
  func comparisons() {
    var random = SeededRandom(seed: 43)
    for (format, seed) in Self.seeds {
      for _ in 0..<300 {
        let bytes = Mutation.mutate(Array(seed.utf8), &random)
        let difference = differences(from: Array(seed.utf8), to: bytes, path: "x.\(format.rawValue)")
        #expect(difference.kind == (bytes.elementsEqual(seed.utf8) ? .unchanged : .changed))
      }
    }
  }

  private func check(_ node: Node, size: Int) {
    let mark = node.mark
    #expect(mark.byteRange.upperBound <= size && mark.line >= 1 && mark.column >= 1)
    _ = node.scalar.map { ($0.display, $0.intValue, $0.doubleValue) }
    for entry in node.entries {
      #expect(node[entry.key] != nil)
      check(entry.value, size: size)
    }
    for element in node.elements { check(element, size: size) }
  }
}

enum Mutation {
  private static let alphabet =
    Array("[]{}:,.-#&*!|>'\"%@`?=\\\n\r\t 0159aexuU_+<~TZ\u{e9}\u{1}$;".utf8) + [0xFF, 0xC3, 0xEF]

  /// One to four insertions, deletions, replacements or repetitions of bytes.
  static func mutate(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      let length = min(Int.random(in: 0...8, using: &random), bytes.count - place)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
      case 1: bytes.removeSubrange(place..<place + length)
      case 2 where place < bytes.count: bytes[place] = alphabet.randomElement(using: &random) ?? 0
      case 3:
        bytes.insert(contentsOf: bytes[place..<place + length], at: Int.random(in: 0...bytes.count, using: &random))
      default: if length > 4 { bytes.removeLast(bytes.count - place) }
      }
    }
    return bytes
  }
}
