import FoundationEssentials
import GRDB
import Git
import MooringModel
import MooringTestSupport
import Testing

@testable import MooringJournal

/// What history keeps of the values of a file or a resource, and reads again.
@Suite(.inTurn) struct HistoryValuesTests {
  private let folder: TemporaryFolder
  private let fixture: GitFixture
  private let index: HistoryIndex
  private let line: HistoryIndex.Progress
  private static let subject = HistoryIndex.Subject.file(1)

  init() throws {
    folder = try TemporaryFolder("mooring-values")
    fixture = try GitFixture()
    for number in 1...4 {
      try fixture.commit("Change \(number)\n\nReviewed-by: é", files: ["app/a.yaml": "v: \(number)\n"])
    }
    index = try HistoryIndex(stateDirectory: folder[""])
    let line = HistoryIndex.Line(environment: try EnvironmentName("production"), kind: .inputs, paths: ["app"])
    let repository = try fixture.open()
    let commits = try repository.line(firstParentsFrom: fixture.id(), until: nil).commits
    _ = try index.add(
      commits.reversed().map { HistoryIndex.Step(commit: $0.id, tree: $0.tree) }, to: line,
      after: index.progress(of: line), in: repository)
    self.line = try index.progress(of: line)
  }

  /// Changes of all shapes, each at one of the four commits.
  private func changes(_ count: Int) throws -> [HistoricChange] {
    let writer = try Revision(bytes: fixture.id("main~1").bytes)
    return (0..<count).map { number in
      var change = HistoricChange(
        position: number % 4 + 1, file: "app/a.yaml", movedFrom: number % 7 == 0 ? "old" : nil)
      change.problem = number % 5 == 4 ? "line \(number): \u{1F}\u{1E}" : nil
      change.isRemoval = number % 11 == 10
      guard change.problem == nil else { return change }
      change.values = [
        HistoricValue(field: "a", old: nil, new: "\(number)", kind: .added),
        HistoricValue(document: "d/é", field: "e\u{301}", old: "", new: "é", kind: .changed, writer: writer),
        HistoricValue(document: "", field: "b.c", old: "x", new: nil, kind: .removed),
        HistoricValue(field: "s", old: nil, new: nil, kind: .changed, isSecret: true),
      ]
      return change
    }
  }

  private func keep(_ changes: [HistoricChange], after known: Int, upTo end: Int) throws {
    let writers = [try fixture.open().commit(fixture.id("main~1"))]
    let fields = [
      HistoryIndex.Reading.Field(
        document: "d", field: "b", value: "x", isSecret: false, position: 2,
        writer: Revision(bytes: writers[0].id.bytes)),
      HistoryIndex.Reading.Field(
        document: nil, field: "", value: nil, isSecret: true, position: 1, writer: nil),
    ]
    try index.keep(
      HistoryIndex.Reading(changes: changes, writers: writers, fields: fields), of: Self.subject, in: line, rules: "r",
      after: known, upTo: end)
  }

  private func kept(_ field: String? = nil) throws -> [CommittedChange] {
    try index.changes(of: Self.subject, in: line, concerning: field)
  }

  @Test(arguments: [1, 3, 511, 512, 513, 1_300]) func whatIsKeptIsWhatIsRead(count: Int) throws {
    let changes = try changes(count)
    // Some at once, and the rest one by one.
    let first = max(count - 5, 0)
    if first > 0 { try keep(Array(changes[..<first]), after: 0, upTo: first) }
    for place in first..<count { try keep([changes[place]], after: place, upTo: place + 1) }
    let found = try kept()
    #expect(found.map(\.change) == changes)
    #expect(found.map(\.commit.summary) == changes.map { "Change \($0.position)" })
    #expect(Set(found.map(\.commit.reviewers)) == [["é"]] && !found.map(\.commit.isMerge).contains(true))
    #expect(found.map { $0.writers.map(\.summary) } == changes.map { $0.values.isEmpty ? [] : ["Change 3"] })
    // Texts that look the same are two.
    #expect(found.first.map { $0.change.values[1].field.utf8.count } == 3)
  }

  @Test func ofAFieldOnlyWhatConcernsItIsRead() throws {
    try keep(changes(20), after: 0, upTo: 20)
    let found = try kept("b")
    let fields = found.map { $0.change.problem == nil ? $0.change.values.map(\.field) : ["b.c"] }
    #expect(Set(fields) == [["b.c"]])
    #expect(found.flatMap(\.writers) == [])
    let nothing = try kept("nothing")
    #expect(nothing.map(\.change.problem).contains(nil) == false && !nothing.isEmpty)
  }

  @Test func whatItIsNowIsToldWithWhoSetIt() throws {
    try keep(changes(2), after: 0, upTo: 4)
    let present = try #require(try index.present(of: Self.subject, in: line))
    #expect(present.position == 2 && present.file == "app/a.yaml" && present.problem == nil && !present.isRemoval)
    #expect(present.fields.map(\.field) == ["b", ""] && present.fields.map(\.value) == ["x", nil])
    #expect(present.fields.map(\.isSecret) == [false, true] && present.fields.map(\.document) == ["d", nil])
    #expect(present.fields.map(\.setter.commit.summary) == ["Change 2", "Change 1"])
    #expect(present.fields.map(\.setter.writer?.summary) == ["Change 3", nil])
  }

  @Test func whatOtherRulesHidIsForgotten() throws {
    try keep(changes(2), after: 0, upTo: 4)
    try index.keep(nil, of: Self.subject, in: line, rules: "others", after: 0, upTo: 4)
    let (changes, present) = (try kept(), try index.present(of: Self.subject, in: line))
    #expect(changes.isEmpty && present == nil)
  }

  @Test func damageIsSaidWhereverItIs() throws {
    try keep(changes(3), after: 0, upTo: 3)
    let kept = try index.database.read { try Data.fetchOne($0, sql: "SELECT bytes FROM run") }
    let whole = try #require(kept)
    var refused = 0
    for place in whole.indices {
      for bytes in [whole[..<place], whole[..<place] + [0xFF] + whole[(place + 1)...]] {
        try index.database.write { try $0.execute(sql: "UPDATE run SET bytes = ?", arguments: [Data(bytes)]) }
        do { _ = try self.kept() } catch is HistoryIndex.Damaged { refused += 1 }
      }
    }
    // All that are cut off, and many of the others; none of them harms the process.
    #expect(refused > whole.count)
  }

  @Test func whatAnOlderProgramKeptIsReadAgain() throws {
    let folder = try TemporaryFolder("mooring-values-old")
    let database = try DatabaseQueue(path: folder["history.sqlite"])
    try HistoryIndex.migrations.migrate(database, upTo: "2 verdicts on signatures")
    try database.write { database in
      try database.execute(
        sql: """
          INSERT INTO line VALUES (1, 'production', 'inputs', 'app', NULL, NULL, 0, 0);
          INSERT INTO subject VALUES (1, 1, 'file 1', 'r', 7);
          INSERT INTO value VALUES (1, 1, 'text');
          """)
    }
    try database.close()
    let index = try HistoryIndex(stateDirectory: folder[""])
    let line = HistoryIndex.Line(environment: try EnvironmentName("production"), kind: .inputs, paths: ["app"])
    let known = try #require(try index.known(line))
    let upTo = try index.valuesKept(of: Self.subject, in: known, rules: "r")
    let changes = try index.changes(of: Self.subject, in: known)
    #expect(upTo == 0 && changes.isEmpty)
  }
}
