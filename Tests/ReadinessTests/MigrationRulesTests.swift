import Migrations
import MooringModel
import Testing

@testable import Readiness

@Suite struct MigrationRulesTests {
  static let old = ("m/1_a.up.sql", "CREATE TABLE orders (id int, note text);"), oldDown = ("m/1_a.down.sql", "")

  static func change(
    _ new: String, running: [(String, String)] = [], earlier: [(String, String)] = [], declared: [String: Bool] = [:]
  ) -> Change {
    func files(_ pairs: [(String, String)]) -> [MigrationFile] {
      pairs.map { MigrationFile(path: $0.0, text: Array($0.1.utf8)) }
    }
    return Change(
      migrating: [
        Change.Migrating(
          base: files([old, oldDown]), head: files([old, oldDown, ("m/2_b.up.sql", new), ("m/2_b.down.sql", "")]))
      ],
      applications: running.isEmpty && earlier.isEmpty
        ? []
        : [
          Change.Application(label: "the release before", files: files(running)),
          Change.Application(label: "commit 0123", files: files(earlier)),
        ],
      declared: declared)
  }

  static let drop = "ALTER TABLE orders DROP COLUMN note;"

  @Test func `A drop that nobody has spoken for is found, with its place`() throws {
    let finding = try #require(Self.change("-- why\n\n" + Self.drop).findings().first)
    #expect(finding.rule == .columnDropped)
    #expect(finding.place == Place(file: "m/2_b.up.sql", line: 3, field: "orders.note"))
    #expect(finding.counts)
  }

  @Test func `A drop is in order when the running release's code no longer reads what an earlier one did`() {
    let reads = ("app.py", "orders = db.query('select id, note from orders')")
    let doesNot = ("app.py", "orders = db.query('select id from orders')")
    #expect(Self.change(Self.drop, running: [doesNot], earlier: [reads]).findings() == [])
    #expect(Self.change(Self.drop, running: [reads], earlier: [reads]).findings().map(\.rule) == [.columnDropped])
    #expect(Self.change(Self.drop, running: [doesNot], earlier: [doesNot]).findings().map(\.rule) == [.columnDropped])
  }

  @Test func `A declared drop is in order when the commit that it names runs`() {
    let commit = String(repeating: "a", count: 40)
    let text = "-- mooring: unused since \(commit)\n" + Self.drop
    #expect(Self.change(text, declared: [commit: true]).findings() == [])
    #expect(Self.change(text, declared: [commit: false]).findings().map(\.rule) == [.columnDropped])
    #expect(Self.change(text).findings().map(\.rule) == [.columnDropped])
    let far = "-- mooring: unused since \(commit)\nSELECT 1;\n\n\n\n\n" + Self.drop
    #expect(Self.change(far, declared: [commit: true]).findings().map(\.rule) == [.columnDropped])
  }

  @Test func `A migration that ran stays as it is, and each has a way down`() {
    let base = [MigrationFile(path: "m/1.sql", text: Array("CREATE TABLE t ();".utf8))]
    let edited = [MigrationFile(path: "m/1.sql", text: Array("CREATE TABLE u ();".utf8))]
    #expect(Change(migrating: [.init(base: base, head: edited)]).findings().map(\.rule) == [.migrationEdited])
    #expect(Change(migrating: [.init(base: base, head: [])]).findings().map(\.rule) == [.migrationEdited])
    let more = base + [MigrationFile(path: "m/2.sql", text: Array("CREATE TABLE u ();".utf8))]
    #expect(Change(migrating: [.init(base: base, head: more)]).findings().map(\.rule) == [.downMigrationMissing])
  }

  @Test func `What can't be read is said, at its line, and hides nothing`() {
    let findings = Self.change("SELECT 1;\nSELEC 2;\n\\connect other\n;\nDROP TABLE orders;").findings()
    #expect(findings.contains { $0.rule == .sqlUnreadable && $0.place.line == 2 })
    #expect(findings.contains { $0.rule == .tableDropped })
  }

  @Test func `A waived finding doesn't count until its waiver ends`() throws {
    let policy = ReadinessPolicy(waivers: [
      Waiver(
        rule: .columnDropped, place: try WaivedPlace("m/*.sql:orders.note", at: "where"), reason: "agreed",
        until: Timestamp(milliseconds: 1000))
    ])
    let findings = Self.change(Self.drop).findings()
    #expect(policy.judge(findings, at: Timestamp(milliseconds: 0)).map(\.counts) == [false])
    #expect(policy.judge(findings, at: Timestamp(milliseconds: 2000)).map(\.counts) == [true])
    let off = ReadinessPolicy(severities: [.columnDropped: .off])
    #expect(off.judge(findings, at: Timestamp(milliseconds: 0)) == [])
  }
}
