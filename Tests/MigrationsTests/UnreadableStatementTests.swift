import Testing

@testable import Migrations

/// What can't be read is told, wherever it stands, and what can be read beside it is read.
@Suite struct UnreadableStatementTests {
  private func kinds(_ text: String) -> [String] {
    var review = SchemaReview(from: SchemaReview.schema(after: [Array("CREATE TABLE orders (id int);".utf8)]))
    review.take(Array(text.utf8))
    return review.hazards.map { "\($0.line) \($0.kind.rawValue)" }
  }

  @Test(arguments: [
    ("SELEC 2;", ["1 sql-unreadable"]),
    ("SELECT 1;\nSELEC 2;\nDROP TABLE orders;", ["2 sql-unreadable", "3 table-dropped"]),
    ("\\connect other\nDROP TABLE orders;", ["1 sql-unreadable"]),
    ("DROP TABLE orders;\n${tail}", ["1 table-dropped", "2 sql-unreadable"]),
    ("${a}", ["1 sql-unreadable"]), ("'", ["1 sql-unreadable"]), ("/* never", ["1 sql-unreadable"]),
    ("SELECT 1;\n;;\nfoo bar;\n-- DROP\n", ["3 sql-unreadable"]),
    ("DO $$ BEGIN EXECUTE 'DROP TABLE orders'; END $$;", ["1 sql-unreadable"]),
    ("DO $$ BEGIN nonsense here; END $$;", ["1 sql-unreadable"]), ("CALL tidy();", ["1 sql-unreadable"]),
    ("COPY orders FROM stdin;\n1\t2\n\\.\n", ["1 sql-unreadable"]), ("", []), ("-- nothing\n;\n", []),
  ])
  func `Nothing is passed over`(_ text: String, _ expected: [String]) {
    let found = kinds(text)
    // A text that isn't SQL at all has no certain place where the next statement begins.
    if expected == ["1 sql-unreadable"] {
      #expect(found.contains { $0.hasSuffix("sql-unreadable") }, "\(found)")
    } else {
      #expect(found == expected)
    }
  }

  @Test func `A file that is too large, or not text, is told to be that`() {
    var review = SchemaReview()
    review.take([UInt8](repeating: 0x20, count: SQLParser.mostBytes + 1))
    review.take([0xFF, 0xFE])
    review.take([0x53, 0x00])
    #expect(review.hazards.map(\.kind) == [.unreadable, .unreadable, .unreadable])
  }

  @Test(.timeLimit(.minutes(1))) func `A statement as deep as can be is refused, and nothing falls over`() {
    let deep = "SELECT " + String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000) + ";"
    #expect(kinds(deep) == ["1 sql-unreadable"])
    #expect(kinds("SELECT " + String(repeating: "1+", count: 3_000) + "1;").count <= 1)
  }
}
