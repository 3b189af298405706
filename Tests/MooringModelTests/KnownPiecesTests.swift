import Testing

@testable import MooringModel

/// What is remembered of the documents of a file is what reading it anew would give.
struct KnownPiecesTests {
  private static let lines = ["---\n", "--- # a\n", "a: 1\n", "b: |\n", "  ---\n", "----\n", "---", "\n", "c: ...\n"]

  private func text(_ random: inout SeededGenerator, _ count: Int) -> [String] {
    (0..<count).map { _ in Self.lines.randomElement(using: &random) ?? "" }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4]) func documentsOfVersionsThatChangeALittleAreThoseThatStandThere(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var remembering = KnownPieces<[UInt8]>(most: 50)
    var file = text(&random, 30)
    for _ in 0..<2_000 {
      if random.chance(3) { file = text(&random, 40) }
      let place = Int.random(in: 0...file.count, using: &random)
      let end = min(file.count, place + Int.random(in: 0...3, using: &random))
      let count = Int.random(in: 0...3, using: &random)
      file.replaceSubrange(place..<end, with: text(&random, count))
      let bytes = Array(file.joined().utf8)
      var anew = KnownPieces<[UInt8]>(most: 50)
      let expected = anew.values(of: bytes) { $0 }
      let found = remembering.values(of: bytes) { $0 }
      #expect(found == expected)
      #expect(expected.map { $0.flatMap(\.self) == bytes } ?? true)
    }
  }

  @Test func whatDependsOnOtherDocumentsIsNoPieces() {
    var pieces = KnownPieces<Int>(most: 50)
    func sizes(_ text: String) -> [Int]? { pieces.values(of: Array(text.utf8)) { $0.count } }
    for text in ["a: 1\n", "", "%YAML 1.2\n---\na: 1\n---\nb: 2\n", "a: 1\n...\n---\nb: 2\n"] {
      #expect(sizes(text) == nil)
    }
    #expect(sizes("a: 1\n---\nb: 2\n") == [5, 9])
    #expect(sizes("a: 1\n---\nb: 2\n...\n") == nil)
    #expect(sizes("a: 1\n---\nb: 3\n") == [5, 9])
  }
}
