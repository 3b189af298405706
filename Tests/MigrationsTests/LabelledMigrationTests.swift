import FoundationEssentials
import Processes
import Testing

@testable import Migrations

/// What PostgreSQL 15 shows of each case, against what is said here without it: every hazard, at its statement, and no
/// other.
@Suite struct LabelledMigrationTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Labelled"

  struct Label: Decodable, Hashable {
    struct Found: Decodable, Hashable {
      var statement: Int
      var kind: Hazard.Kind
    }

    var hazards: Set<Found>
    var queriesRun: [Bool]
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var queries: [String]
    var text: [UInt8]
    var testDescription: String { name }
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: folder + "/" + name)))
  }

  static func cases() throws -> [Case] {
    String(decoding: try bytes("cases.sql"), as: UTF8.self).split(separator: "-- case: ").dropFirst().map { part in
      let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
      let queries = lines.filter { $0.hasPrefix("-- query: ") }.map { String($0.dropFirst(10)) }
      return Case(
        name: String(lines[0]), queries: queries, text: Array(lines.dropFirst().joined(separator: "\n").utf8))
    }
  }

  static func labels() throws -> [String: Label] {
    try JSONDecoder().decode([String: Label].self, from: Data(bytes("labels.json")))
  }

  @Test func `Every hazard that PostgreSQL shows is found, and nothing else`() throws {
    let base = SchemaReview.schema(after: [try Self.bytes("base.sql")])
    let (cases, labels) = (try Self.cases(), try Self.labels())
    #expect(cases.count >= 200)
    var (right, missed, invented) = (0, [String](), [String]())
    for item in cases {
      let label = try #require(labels[item.name])
      var review = SchemaReview(from: base)
      review.take(item.text)
      let found = Set(review.hazards.map { Label.Found(statement: $0.statement, kind: $0.kind) })
      right += found.intersection(label.hazards).count
      missed += label.hazards.subtracting(found).map { "\(item.name): \($0.statement) \($0.kind.rawValue)" }
      invented += found.subtracting(label.hazards).map { "\(item.name): \($0.statement) \($0.kind.rawValue)" }
    }
    #expect(missed == [] && invented == [], "recall and precision are 1 where both are empty")
    #expect(right > 100)
  }

  @Test func `Which of the earlier release's queries stop working is known from their text`() throws {
    let base = SchemaReview.schema(after: [try Self.bytes("base.sql")])
    let labels = try Self.labels()
    var wrong: [String] = []
    for item in try Self.cases() where !item.queries.isEmpty {
      var review = SchemaReview(from: base)
      review.take(item.text)
      for (query, runs) in zip(item.queries, try #require(labels[item.name]).queriesRun) {
        var use = QueryUse()
        let isRead = use.take(Array(query.utf8))
        #expect(isRead)
        let isBroken = review.hazards.contains { $0.breaks(use, after: review) }
        // What a name in a text, or a value of a type, stands for is beyond a query's own text.
        let mayBreak = review.hazards.contains { $0.kind == .objectRemoved || $0.kind == .typeNarrowed }
        if isBroken == runs, !(mayBreak && !runs) { wrong.append("\(item.name): \(query)") }
      }
    }
    #expect(wrong == [])
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/lib/postgresql/15/bin/initdb")))
  func `PostgreSQL still says what the labels say`() async throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent().path + "/Labelled/label-migrations"
    let outcome = try await run(Program([script, "--check", Self.folder], timeLimit: .seconds(300)))
    #expect(outcome.succeeded, "\(outcome.output)")
  }
}
