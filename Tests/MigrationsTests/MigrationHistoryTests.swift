import Testing

@testable import Migrations

@Suite struct MigrationHistoryTests {
  private func history(_ files: [(String, String)]) -> MigrationHistory {
    MigrationHistory(files.map { MigrationFile(path: $0.0, text: Array($0.1.utf8)) })
  }

  @Test func `Flyway's versions are in the order of their numbers, with their undos, repeatables last`() {
    let history = history([
      ("db/R__views.sql", ""), ("db/V10__c.sql", ""), ("db/V2_1__b.sql", ""), ("db/V2__a.sql", ""),
      ("db/U2__a.sql", ""),
    ])
    #expect(history.migrations.map(\.version) == ["2", "2.1", "10", "R__views"])
    #expect(history.migrations.map { $0.down?.path } == ["db/U2__a.sql", nil, nil, nil])
    #expect(history.migrations.last?.isRepeatable == true)
  }

  @Test func `golang-migrate has a file for each direction`() {
    let history = history([("m/2_b.up.sql", ""), ("m/1_a.up.sql", ""), ("m/1_a.down.sql", "")])
    #expect(history.migrations.map(\.version) == ["1_a", "2_b"])
    #expect(history.migrations.map { $0.down?.path } == ["m/1_a.down.sql", nil])
  }

  @Test func `One file may hold both directions`() throws {
    let text = "-- migrate:up\nCREATE TABLE t ();\n\n-- migrate:down\nDROP TABLE t;\n"
    let migration = try #require(history([("db/migrate/20260101_a.sql", text)]).migrations.first)
    #expect(migration.layout == .rails)
    #expect(String(decoding: migration.up.text, as: UTF8.self) == "CREATE TABLE t ();\n")
    #expect(migration.up.firstLine == 1)
    #expect(migration.down?.firstLine == 4)
  }

  @Test func `A migration may be a folder`() {
    let history = history([("m/2026_b/migration.sql", ""), ("m/2025_a/up.sql", ""), ("m/2025_a/down.sql", "")])
    #expect(history.migrations.map(\.version) == ["2025_a", "2026_b"])
    #expect(history.migrations.map { $0.down?.path } == ["m/2025_a/down.sql", nil])
  }

  @Test func `Any other folder is in the order of its names`() {
    let history = history([("sql/10.sql", ""), ("sql/9.sql", ""), ("sql/down/9.sql", ""), ("sql/11.rb", "")])
    #expect(history.migrations.map(\.version) == ["9", "10"])
    #expect(history.migrations.map { $0.down?.path } == ["sql/down/9.sql", nil])
    #expect(history.unreadable == ["sql/11.rb"])
  }
}
